"""Where files are dropped, how they are to be read, and what can be downloaded instead."""

from __future__ import annotations

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.access import RIGHTS, Right
from dashboard.cards.data.titles import table_title
from dashboard.ids import DataId
from dashboard.wording import Words
from data.schema import TABLES
from layouts.components.dropdown import dropdown_labels

SYSTEMS = ("epsg:4490", "epsg:4326", "gcj02", "bd09")
POLL_MS = 700
DOWNLOADS = {"template": "/data/template.xlsx", "export": "/data/export.xlsx"}


def import_form(mappings: list[str], words: Words) -> html.Div:
    """The drop zone, the options and an empty place for what becomes of an upload."""
    return html.Div(
        [
            html.Div(
                html.Div(
                    [html.H2(words("data.import.title"), className="gd-title"),
                     html.P(words("data.import.subtitle"), className="gd-subtitle")],
                    className="gd-titles",
                ),
                className="gd-card-head",
            ),
            html.Div([_drop_zone(words), _downloads(words)], className="gd-import-row"),
            _options(mappings, words),
            html.Div(id=DataId.PROGRESS, className="gd-import-progress", **{"aria-live": "polite"}),
            dcc.Store(id=DataId.UPLOAD),
            # Kept while the tab is open, so that a look at another page does not lose an import under way.
            dcc.Store(id=DataId.JOB, storage_type="session"),
            dcc.Store(id=DataId.CHANGED),
            dcc.Interval(id=DataId.POLL, interval=POLL_MS, disabled=True),
        ],
        className="gd-card gd-import",
    )  # fmt: skip


def import_not_allowed(words: Words, *, may_export: bool) -> html.Div:
    """Who may import, and what the page needs in place of the form: the check of quality waits for the drop zone."""
    return html.Div(
        [
            html.H2(words("data.import.title"), className="gd-title"),
            html.P(words("data.import.not_allowed", roles=importing_roles(words)), className="gd-subtitle"),
            *([download_link("export", words)] if may_export else []),
            html.Div(html.Div(id=DataId.LIMIT), id=DataId.DROP, hidden=True),
            dcc.Store(id=DataId.CHANGED),
        ],
        className="gd-card gd-import",
    )


def importing_roles(words: Words) -> str:
    """The roles that may import, listed."""
    return words.listed([words(f"access.role.{role}") for role, rights in RIGHTS.items() if Right.IMPORT in rights])


def _drop_zone(words: Words) -> html.Div:
    said = {
        f"data-{name.replace('_', '-')}": words(f"data.upload.{name}", percent="{percent}", limit="{limit}")
        for name in ("sending", "too_large", "failed")
    }
    return html.Div(
        [
            html.Div("⇪", className="gd-drop-mark", **{"aria-hidden": "true"}),
            html.Div(
                [
                    html.Span(words("data.upload.drop"), className="gd-drop-text"),
                    html.Button(
                        words("data.upload.choose"), className="btn gd-button", **{"data-choose-files": "", "type": "button"}
                    ),
                ],
                className="gd-drop-line",
            ),
            html.Div(words("data.upload.takes"), className="gd-drop-takes"),
            html.Div(id=DataId.LIMIT, className="gd-drop-takes"),
            # The script writes how far the upload is into this one, and puts the file input into the next.
            html.Div(className="gd-drop-sending", role="status", **{"data-sending-text": ""}),
            html.Div(className="gd-drop-input", **{"data-file-input": ""}),
        ],
        id=DataId.DROP,
        className="gd-drop",
        **{"data-drop-zone": "", "data-lang": words.lang, **said},
    )  # fmt: skip


def _downloads(words: Words) -> html.Div:
    return html.Div(
        [
            html.Ol([html.Li(words(f"data.import.step_{step}")) for step in (1, 2, 3)], className="gd-import-steps"),
            html.Div(
                [download_link("template", words), download_link("export", words)],
                className="gd-import-links",
            ),
        ],
        className="gd-import-side",
    )


def download_link(name: str, words: Words) -> html.A:
    """A button that downloads the empty `template`, or the whole store as a workbook: `export`."""
    return html.A(words(f"data.import.{name}"), href=DOWNLOADS[name], className="btn gd-button", download="")


def _options(mappings: list[str], words: Words) -> html.Details:
    tables = [{"value": name, "label": table_title(name, words)} for name in TABLES]
    controls = (
        (DataId.TABLE, "table", tables),
        (DataId.MAPPING, "mapping", [{"value": name, "label": name} for name in mappings]),
        (DataId.CRS, "crs", [{"value": name, "label": words(f"data.crs.{name}")} for name in SYSTEMS]),
    )
    fields = [
        _field(
            name, words,
            dcc.Dropdown(
                id=id_, options=options, value=None, placeholder=words(f"data.option.{name}_auto"),
                className="gd-filter-control", clearable=True, labels=dropdown_labels(words),
            ),
        )
        for id_, name, options in controls
    ]  # fmt: skip
    fields.append(
        _field(
            "city", words,
            dbc.Input(
                id=DataId.CITY, value="", debounce=True, placeholder=words("data.option.city_auto"), maxlength=80,
                class_name="gd-text-input",
            ),
        )
    )  # fmt: skip
    return html.Details(
        [
            html.Summary(words("data.option.title")),
            html.Div(fields, className="gd-filters-row"),
            html.P(words("data.option.help"), className="gd-subtitle"),
        ],
        className="gd-import-options",
    )


def _field(name: str, words: Words, control: object) -> html.Div:
    return html.Div(
        [html.Label(words(f"data.option.{name}"), className="gd-filter-label"), control],
        className="gd-filter gd-option",
    )
