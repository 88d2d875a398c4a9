"""Empty, failing and missing states: what happened, and what to do next."""

from __future__ import annotations

from dash import html

from dashboard.wording import Words


def empty_state(reason: str, words: Words, todo: str | None = None) -> html.Div:
    """A card or page with nothing to show, saying why.

    Args:
        todo: what to do about it; None is to widen the filters, empty is that nothing needs doing.
    """
    # No hatch here: that means 未上报, and nothing to show is often good news.
    return html.Div(
        [
            html.Div("–", className="gd-state-mark", **{"aria-hidden": "true"}),
            html.P(reason or words("empty.card"), className="gd-state-title"),
            html.P(words("empty.todo") if todo is None else todo, className="gd-state-text"),
        ],
        className="gd-state",
        role="status",
    )


def failing_state(request: str, words: Words, *, title: str = "", retry_href: str = "") -> html.Div:
    """A card or page that failed, with the number under which the log has the reason."""
    children = [
        html.Div("!", className="gd-state-mark gd-state-alert", **{"aria-hidden": "true"}),
        html.P(title or words("failing.card"), className="gd-state-title"),
        html.P(words("failing.body", request=request), className="gd-state-text"),
    ]
    if retry_href:
        children.append(html.A(words("failing.retry"), href=retry_href, className="btn gd-button"))
    return html.Div(children, className="gd-state", role="alert")


def said_notice(text: str) -> html.Div:
    """A sentence above the page about what was just done."""
    return html.Div(text, className="alert gd-notice", role="status")
