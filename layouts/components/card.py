"""The frame every card has: title, subtitle, menu, body, foot.

A redraw sets properties of the parts, it does not replace them: Dash builds anew whatever is replaced, and a chart that
is built anew flickers.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboard.cards.drawing import Failure, draw
from dashboard.cards.foot import foot
from dashboard.cards.types import Card, Drawing, GridSpec, Kind
from dashboard.figures.canvas import canvas
from dashboard.figures.config import graph_config
from dashboard.ids import Part, card_id, part_id
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue.types import Page
from layouts.components.entries import entries
from layouts.components.facts import facts
from layouts.components.grid import column_definitions, cut_note, grid, shown_rows
from layouts.components.least_width import LEAST_WIDTH
from layouts.components.lines import kept_together
from layouts.components.skeleton import skeleton
from layouts.components.states import empty_state, failing_state
from layouts.components.still import Chart, Still
from layouts.components.tiles import tiles

if TYPE_CHECKING:
    from data.query import Reader

# Entries of a card's menu; those that take something out stand below a rule.
MENU_ITEMS = ("table", "definition", "trace", "briefing")
PICTURES = ("png", "png_screen", "svg")
FILES = ("xlsx", "csv")
DESIGN_TYPE_PX = 15

# What changes with the view: name → the part and its property that hold it.
PROPERTIES: dict[str, tuple[Part, str]] = {
    "titles": (Part.TITLES, "tree"),
    "figure": (Part.FIGURE, "figure"),
    "alt": (Part.ALT, "tree"),
    "rows": (Part.GRID, "rowData"),
    "columns": (Part.GRID, "columnDefs"),
    "inside": (Part.INSIDE, "tree"),
    "cover": (Part.COVER, "tree"),
    "foot": (Part.FOOT, "tree"),
}
PROPERTIES_OF: dict[Kind, tuple[str, ...]] = {
    "headline": ("inside",),
    "tiles": ("inside",),
    "figure": ("titles", "figure", "alt", "cover", "foot"),
    "grid": ("titles", "rows", "columns", "cover", "foot"),
    "list": ("titles", "inside", "cover", "foot"),
    "facts": ("titles", "inside", "cover", "foot"),
}
NO_ROWS = GridSpec(columns=[], rows=[], row_id="id")


def card(shown: Card, reader: Reader, view: View, ink: Ink, words: Words) -> html.Section | Still:
    """The card, drawn for a view."""
    return card_of(shown, draw(shown, reader, view, ink, words), view, ink, words)


@lru_cache(maxsize=512)
def waiting_card(shown: Card) -> Still:
    """The place of a card until the browser asks for it, of its height, so that nothing moves when it comes."""
    return Still(
        html.Section(
            skeleton(shown.kind, shown.height),
            id=card_id(shown.name),
            className=f"gd-frame gd-frame-{shown.kind}",
            **{"data-card": shown.name, "data-waits": shown.name, "aria-busy": "true"},
        )
    )


def card_of(shown: Card, drawing: Drawing | Failure, view: View, ink: Ink, words: Words) -> html.Section | Still:
    """The card of a drawing: one component to Dash, but for a table, which takes part in callbacks."""
    now = _properties(shown, drawing, view, ink, words)

    def part(kind: Part) -> dict[str, Any]:
        return part_id(kind, shown.name)

    if shown.kind in ("headline", "tiles"):
        children: Any = Still(now["inside"], part(Part.INSIDE), className="gd-inside")
        if shown.kind == "tiles":
            children = html.Div([children, Still(card_menu(shown.name, shown.kind, words))], className="gd-tiles-frame")
    else:
        # The height is of the 1× design; rem lets it grow with the type of larger screens.
        height = {"minHeight": f"{shown.height / DESIGN_TYPE_PX:.3f}rem"}
        cover = Still(now["cover"], part(Part.COVER), className="gd-cover")
        children = html.Div(
            [
                Still(
                    now["titles"],
                    part(Part.TITLES),
                    tag="header",
                    className="gd-card-head",
                    after=card_menu(shown.name, shown.kind, words),
                ),
                html.Div([_body(shown, drawing, now, view, ink, words), cover], className="gd-card-body", style=height),
                Still(now["foot"], part(Part.FOOT), tag="footer", className="gd-card-foot"),
            ],
            className="gd-card",
        )
    whole = html.Section(
        children,
        id=card_id(shown.name),
        className=f"gd-frame gd-frame-{shown.kind}",
        **{"data-card": shown.name},
    )
    return whole if shown.kind == "grid" else Still(whole)


def card_properties(shown: Card, reader: Reader, view: View, ink: Ink, words: Words) -> dict[str, Any]:
    """The values of `PROPERTIES_OF` the card's kind for a view."""
    return _properties(shown, draw(shown, reader, view, ink, words), view, ink, words)


def card_changes(
    shown: Card, drawing: Drawing | Failure, view: View, ink: Ink, words: Words
) -> dict[str, dict[str, Any]]:
    """What a redraw sets: part → property → value."""
    changes: dict[str, dict[str, Any]] = {}
    for name, value in _properties(shown, drawing, view, ink, words).items():
        part, prop = PROPERTIES[name]
        changes.setdefault(str(part), {})[prop] = value
    return changes


def _properties(shown: Card, drawing: Drawing | Failure, view: View, ink: Ink, words: Words) -> dict[str, Any]:
    if isinstance(drawing, Failure):
        cover: Any = failing_state(drawing.request, words, retry_href=view.href())
        drawing = Drawing(title="")
    elif drawing.empty is not None:
        # In the file of one compound no filter would bring anything else.
        todo = "" if view.page == Page.COMPOUND and drawing.todo is None else drawing.todo
        cover = empty_state(drawing.empty, words, todo)
    else:
        cover = None
    if shown.kind == "headline":
        return {
            "inside": cover
            or [
                html.H1(kept_together(drawing.title), className="gd-headline"),
                html.P(kept_together(drawing.subtitle), className="gd-headline-sub"),
            ]
        }
    if shown.kind == "tiles":
        framed = html.Div(cover, className="gd-card") if cover else tiles(drawing.tiles)
        return {"inside": [html.H2(drawing.title, className="visually-hidden"), framed]}
    spec = drawing.grid or NO_ROWS
    every = {
        "titles": html.Div(
            [
                html.H2(kept_together(drawing.title), className="gd-title"),
                html.P(kept_together(_below_title(drawing, words)), className="gd-subtitle"),
                *_choices(shown, drawing, words),
            ],
            className="gd-titles",
        ),
        "figure": drawing.figure or blank(ink),
        "alt": drawing.alt or drawing.title,
        "rows": shown_rows(spec, shown.name, view),
        "columns": column_definitions(spec, shown.name, view, words, scale=ink.scale),
        "inside": facts(drawing.facts, view) if shown.kind == "facts" else entries(drawing.entries, view),
        "cover": cover,
        "foot": kept_together(
            words("text.middot").join(part for part in (foot(drawing, words), cut_note(spec, words)) if part)
        ),
    }
    return {name: every[name] for name in PROPERTIES_OF[shown.kind]}


def _below_title(drawing: Drawing, words: Words) -> str:
    return words("text.middot").join(part for part in (drawing.subtitle, drawing.hint) if part)


def _choices(shown: Card, drawing: Drawing, words: Words) -> list[Any]:
    if not drawing.choices:
        return []
    links = []
    for choice in drawing.choices:
        chosen: dict[str, str] = {"aria-current": "true"} if choice.is_chosen else {}
        link = dcc.Link(choice.label, href=choice.href, className="gd-choice")
        links.append(html.Span(link, className="gd-choice-here" if choice.is_chosen else "", **chosen))
    if drawing.has_every_indicator:
        marks = {"type": "button", "className": "gd-choice", "data-item": "indicator"}
        links.append(html.Span(html.Button(words("card.every_indicator"), **marks), **{"data-menu": shown.name}))
    return [html.Nav(links, className="gd-choices", **{"aria-label": words("card.choices")})]


def blank(ink: Ink) -> dict[str, Any]:
    """A chart with nothing on it, under a cover that says why."""
    hidden = {"visible": False}
    return canvas([], ink, xaxis=hidden, yaxis=hidden)


def card_menu(name: str, kind: Kind, words: Words, *, items: tuple[str, ...] = MENU_ITEMS) -> html.Div:
    """The menu of the card `name`: what it rests on (`items`), and what can be taken out of it.

    Elements only: `assets/menus.js` opens it and follows its entries.
    """

    def entry(item: str) -> html.Button:
        marks = {"type": "button", "role": "menuitem", "tabIndex": -1, "data-item": item}
        return html.Button(words(f"card.menu_{item}"), className=f"gd-menu-item gd-menu-{item}", **marks)

    exports = (*PICTURES, *FILES) if kind == "figure" else FILES
    said = words("card.menu")
    return html.Div(
        [
            html.Button(
                "⋯",
                type="button",
                className="gd-menu-toggle",
                title=said,
                **{"aria-label": said, "aria-haspopup": "menu", "aria-expanded": "false"},
            ),
            html.Div(
                [
                    *(entry(item) for item in items),
                    *([html.Hr(className="gd-menu-rule")] if items else []),
                    *(entry(item) for item in exports),
                ],
                className="gd-menu-list",
                role="menu",
                **{"aria-label": said},
            ),
        ],
        className="gd-menu",
        **{"data-menu": name},
    )


def _body(shown: Card, drawing: Drawing | Failure, now: dict[str, Any], view: View, ink: Ink, words: Words) -> Any:
    if shown.kind == "figure":
        graph = Chart(part_id(Part.FIGURE, shown.name), now["figure"], graph_config(words.lang), "gd-graph")
        alt = Still(now["alt"], part_id(Part.ALT, shown.name), tag="figcaption", className="visually-hidden")
        width = LEAST_WIDTH.get(shown.name, 0)
        least = {"--gd-least": f"{width / DESIGN_TYPE_PX:.3f}rem"} if width else {}
        box = html.Div(html.Div(graph, className="gd-graph-box"), className="gd-graph-scroll", style=least)
        return html.Figure([box, alt], className="gd-figure")
    if shown.kind == "grid":
        spec = NO_ROWS if isinstance(drawing, Failure) or drawing.grid is None else drawing.grid
        return grid(spec, shown.name, view, words, scale=ink.scale)
    # A list scrolls in its card: the keyboard must be able to get there.
    return Still(
        now["inside"],
        part_id(Part.INSIDE, shown.name),
        className="gd-inside",
        **({"tabIndex": "0"} if shown.kind == "list" else {}),
    )
