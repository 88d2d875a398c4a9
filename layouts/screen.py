"""The large screen: a frame that stays, and the scenes that are put into it.

The frame comes with the page. The scenes come from one address as a tree of components in which every part that can
change carries a digest; the browser replaces the parts whose digest changed and leaves the rest untouched.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dash import html
from plotly.io.json import to_json_plotly
from sqlalchemy.exc import SQLAlchemyError

from dashboard.build import build_fingerprint
from dashboard.cards.drawing import Failure, draw
from dashboard.cards.foot import foot
from dashboard.cards.types import Card, Drawing
from dashboard.figures.config import graph_config
from dashboard.ids import ScreenId, dotless, screen_part
from dashboard.numbers import month_name, number
from dashboard.scenes import SCENE_CARDS, Scene, Spot, scenes_of
from dashboard.theme import Ink
from dashboard.view import HOME, SCREEN, View
from dashboard.wording import Words
from data.errors import StoreError
from layouts.components.entries import entries
from layouts.components.facts import facts
from layouts.components.lines import kept_together
from layouts.components.states import empty_state, failing_state
from layouts.components.still import Chart
from layouts.components.tiles import tiles

if TYPE_CHECKING:
    from data.query import Reader

# Type of 21 px on axes and 18 px beside marks, on the canvas of 1920 × 1080.
SCALE = 1.4
# While the store cannot be reached nothing is drawn: the screen keeps the picture it has.
TRANSIENT = (StoreError, SQLAlchemyError)
# The figure by which the head of the screen says who has reported.
FILED = "fee_collection_rate"
KEYS = ("pause", "step", "jump", "fullscreen", "help")


def screen(words: Words, *, rotate: int, poll: int) -> html.Div:
    """The frame, empty. Seconds a scene stays and seconds between two questions to the server go with it."""
    return html.Div(
        [
            html.Div(
                [
                    _head(words),
                    html.Div(
                        html.Div(words("screen.drawing"), className="gd-wall-waiting", role="status"),
                        id=ScreenId.SCENES,
                        className="gd-wall-scenes",
                    ),
                    _foot(words),
                    _help(words),
                ],
                id=ScreenId.CANVAS,
                className="gd-wall-canvas",
            )
        ],
        id=ScreenId.ROOT,
        className="gd-wall",
        **{
            "data-page": SCREEN,
            "data-lang": words.lang,
            "data-rotate": str(rotate),
            "data-poll": str(poll),
            "data-build": build_fingerprint(),
        },
    )


def _head(words: Words) -> html.Header:
    return html.Header(
        [
            html.Div(id=ScreenId.BRAND, className="gd-wall-brand"),
            html.Div(
                [
                    html.Div(
                        [words("screen.lost"), html.Span(id=ScreenId.LOST_SINCE)],
                        id=ScreenId.LOST,
                        className="gd-wall-banner gd-wall-lost",
                        hidden=True,
                        role="alert",
                    ),
                    html.Div(id=ScreenId.STALE, className="gd-wall-banner", hidden=True, role="status"),
                ],
                className="gd-wall-banners",
            ),
            html.Div(id=ScreenId.AS_OF, className="gd-wall-as-of"),
            html.Div(
                [html.Span(id=ScreenId.DAY, className="gd-wall-day"), html.Time(id=ScreenId.CLOCK)],
                className="gd-wall-clock",
            ),
        ],
        className="gd-wall-head",
    )


def _foot(words: Words) -> html.Footer:
    return html.Footer(
        [
            html.Nav(id=ScreenId.TABS, className="gd-wall-tabs", **{"aria-label": words("screen.scenes")}),
            html.Div(
                [
                    html.Span(
                        [words("screen.rotating"), html.Span(id=ScreenId.PERIOD)],
                        className="gd-wall-when-rotating",
                    ),
                    html.Span(words("screen.paused"), className="gd-wall-when-paused"),
                ],
                className="gd-wall-state",
                **{"aria-live": "polite"},
            ),
            html.Button(words("screen.hint"), id=ScreenId.HINT, className="gd-wall-hint", n_clicks=0),
        ],
        className="gd-wall-foot",
    )


def _help(words: Words) -> html.Div:
    rows: list[Any] = []
    for key in KEYS:
        rows += [html.Dt(words(f"screen.key_{key}")), html.Dd(words(f"screen.does_{key}"))]
    rows += [
        html.Dt(words("screen.key_address")),
        html.Dd(html.Code("/screen?scene=alerts&rotate=60&paused=1&lang=en")),
    ]
    return html.Div(
        [
            html.H2(words("screen.help")),
            html.Dl(rows),
            html.A(words("screen.leave"), href=View.plain(HOME, words.lang).href(), className="gd-wall-leave"),
        ],
        id=ScreenId.HELP,
        className="gd-wall-help",
        hidden=True,
        role="dialog",
        **{"aria-label": words("screen.help")},
    )


class Scenery:
    """All scenes of one state of the store, drawn.

    Attributes:
        content: JSON of `{revision, failed, parts, scenes}`, what the browser is sent.
        has_failed: a card could not be drawn; the others could.
    """

    def __init__(self, reader: Reader, words: Words) -> None:
        self.has_failed = False
        self._reader, self._words = reader, words
        self._ink = Ink("wall", SCALE)
        shown = [self._scene(scene) for scene in scenes_of(reader)] if reader.months else []
        parts = [
            _part(ScreenId.BRAND, self._brand()),
            _part(ScreenId.AS_OF, self._as_of()),
            _part(ScreenId.TABS, [_tab(name, title, place) for place, (name, title, _) in enumerate(shown, start=1)]),
        ]
        scenes: Any = [section for _, _, section in shown]
        if not shown:
            scenes = [html.Div(words("screen.nothing"), className="gd-wall-waiting", role="status")]
        document = {"revision": reader.revision, "failed": self.has_failed, "parts": parts, "scenes": scenes}
        self.content: bytes = to_json_plotly(document).encode()

    def _brand(self) -> list[Any]:
        reader, words = self._reader, self._words
        brand: list[Any] = [html.H1(words("screen.title", city=reader.city.name), className="gd-wall-title")]
        if reader.is_demo:
            brand.append(html.Span(words("screen.demo"), className="gd-wall-demo"))
        return brand

    def _as_of(self) -> str:
        reader, words = self._reader, self._words
        if not reader.months:
            return ""
        filed = reader.indicator(FILED)
        said = ""
        if len(filed) and float(filed["expected"].iloc[0] or 0) > 0:
            counts = {name: number(float(filed[name].iloc[0])) for name in ("reported", "expected")}
            said = words("text.middot") + words("reading.reported", **counts)
        return words("badge.as_of", date=month_name(reader.latest_month, words)) + said

    def _scene(self, scene: Scene) -> tuple[str, str, html.Section]:
        words = self._words
        title = self._reader.label(scene.area) if scene.area else words(f"scene.{scene.name}")
        view = View(area=scene.area, lang=words.lang)
        finding = self._draw(SCENE_CARDS[scene.headline], view)
        said = "" if isinstance(finding, Failure) else finding.title
        # A list's subtitle counts by reason what its title counts in all.
        more = finding.subtitle if isinstance(finding, Drawing) and SCENE_CARDS[scene.headline].kind == "list" else ""
        return (
            scene.name,
            title,
            html.Section(
                [
                    html.Header(
                        [
                            html.Span(title, className="gd-scene-name"),
                            html.H2(kept_together(said), className="gd-scene-finding"),
                            html.Span(more, className="gd-scene-more"),
                        ],
                        id=screen_part(scene.name, "title"),
                        className="gd-scene-head",
                        **{"data-digest": _digest([title, said, more])},
                    ),
                    html.Div(
                        [self._card(scene.name, said, spot, view) for spot in scene.spots], className="gd-scene-grid"
                    ),
                ],
                className="gd-scene",
                **{"data-scene": scene.name, "aria-label": title},
            ),
        )

    def _draw(self, card: Card, view: View) -> Drawing | Failure:
        drawing = draw(card, self._reader, view, self._ink, self._words, raises=TRANSIENT)
        self.has_failed = self.has_failed or isinstance(drawing, Failure)
        return drawing

    def _card(self, scene: str, finding: str, spot: Spot, view: View) -> html.Article:
        shown = SCENE_CARDS[spot.card]
        drawing = self._draw(shown, view)
        name = f"{scene}~{dotless(spot.card)}"
        body = self._body(shown, drawing, view, name)
        titles: list[Any] = []
        said = ""
        if isinstance(drawing, Drawing) and shown.kind not in ("tiles", "headline"):
            titles = [
                # What the scene says already is not said twice.
                *(
                    []
                    if drawing.title == finding
                    else [
                        html.H3(kept_together(drawing.title), className="gd-wall-card-title"),
                        html.P(kept_together(drawing.subtitle), className="gd-wall-card-sub"),
                    ]
                ),
            ]
            # The data date stands in the head of the screen.
            said = "" if drawing.empty else kept_together(foot(replace(drawing, as_of=""), self._words))
        return html.Article(
            [
                html.Header(
                    titles, id=screen_part(name, "titles"), className="gd-wall-card-head",
                    **{"data-digest": _digest(titles)},
                ),
                html.Div(body, id=screen_part(name, "body"), className="gd-wall-card-body", **{"data-digest": _digest(body)}),
                html.Footer(
                    said, id=screen_part(name, "foot"), className="gd-wall-card-foot", **{"data-digest": _digest(said)}
                ),
            ],
            className=f"gd-wall-card gd-wall-{shown.kind}",
            style={"gridArea": f"{spot.row} / {spot.column} / span {spot.rows} / span {spot.columns}"},
            **{"data-card": spot.card},
        )  # fmt: skip

    def _body(self, shown: Card, drawing: Drawing | Failure, view: View, name: str) -> Any:
        words = self._words
        if isinstance(drawing, Failure):
            return failing_state(drawing.request, words)
        if drawing.empty is not None:
            return empty_state(drawing.empty, words)
        if shown.kind == "tiles":
            return tiles(tuple(replace(tile, click=None) for tile in drawing.tiles))
        if shown.kind == "list":
            return entries(tuple(replace(entry, view={}) for entry in drawing.entries), view)
        if shown.kind == "facts":
            return facts(tuple(replace(fact, view={}) for fact in drawing.facts), view)
        config = graph_config(words.lang, static=True)
        graph = Chart(screen_part(name, "figure"), drawing.figure, config, "gd-graph")
        alt = html.Figcaption(drawing.alt or drawing.title, className="visually-hidden")
        return html.Figure([graph, alt], className="gd-wall-figure")


def _tab(name: str, title: str, place: int) -> html.Button:
    return html.Button(
        [
            html.Span(str(place), className="gd-wall-tab-number"),
            html.Span(title, className="gd-wall-tab-name"),
            html.Span(html.Span(className="gd-wall-tab-fill"), className="gd-wall-tab-bar"),
        ],
        className="gd-wall-tab",
        n_clicks=0,
        **{"data-jump": str(place - 1), "data-name": name},
    )


def _part(where: ScreenId, children: Any) -> dict[str, Any]:
    return {"id": str(where), "digest": _digest(children), "children": children}


def _digest(value: Any) -> str:
    return hashlib.sha256(to_json_plotly(value).encode()).hexdigest()[:16]
