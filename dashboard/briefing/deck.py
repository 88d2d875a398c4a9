"""Building a deck: the cards of a plan, drawn as the pages draw them, put on slides of a template, frozen with their numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dashboard.access import User, watermark
from dashboard.briefing.basket import Basket
from dashboard.briefing.definitions import meaning
from dashboard.briefing.numbers import frozen
from dashboard.briefing.plan import Part, Plan, Shape, monthly, of_basket
from dashboard.briefing.slide import SlideWriter
from dashboard.briefing.template import Template
from dashboard.briefing.told import Told, appendix_pages, notes_of, sheet_of
from dashboard.cards import CARDS
from dashboard.cards.drawing import Failure, draw
from dashboard.cards.foot import foot
from dashboard.cards.types import Drawing
from dashboard.numbers import month_name
from dashboard.slides import Box, Fonts, Placed, Renderer, place_drawing, rows_that_fit, to_bytes
from dashboard.theme import Ink
from dashboard.view import Notice, View
from dashboard.wording import Words
from data.errors import GovernanceError, UsageError, nearest

if TYPE_CHECKING:
    from data.query import Reader

# Sizes of type in tables of the converter, points; what fits on a slide follows from them.
GRID_SIZE, LIST_SIZE = 10.5, 11.0
# The tiles of the opening take this share of its height.
TILES_SHARE = 0.34
MOST_SLIDES = 200
# Height of the words over the second of two lists, EMU.
STACK_CAPTION = 36 * 12700
# Height a map's legend takes at the bottom, EMU.
LEGEND = 34 * 12700


class CancelledError(GovernanceError):
    """The deck was no longer wanted; nothing was kept."""


class EmptyDeckError(GovernanceError):
    """Not one card had anything to show."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a deck is asked to be.

    Attributes:
        basket: the charts wanted; None is the 月报. area, compound, month: of the 月报; a basket's charts have their own.
        title: of the cover; empty for the computed one.
    """

    basket: Basket | None = None
    area: str | None = None
    compound: str | None = None
    month: str | None = None
    title: str = ""
    lang: str = "zh"


@dataclass(frozen=True, kw_only=True)
class Making:
    """With what a deck is made.

    Attributes:
        stamp: the time written into it; equal inputs and stamps give equal bytes.
        review_no: number of the map review, under every map. render: pictures of what has no native form, if at all.
        progress: told done and total steps and what is being done. is_cancelled: asked between steps.
    """

    template: Template
    stamp: datetime
    words: Words
    user: User
    review_no: str = ""
    fonts: Fonts = field(default_factory=Fonts)
    render: Renderer | None = None
    progress: Callable[[int, int, str], None] = lambda done, total, what: None
    is_cancelled: Callable[[], bool] = lambda: False


@dataclass(frozen=True, kw_only=True)
class Deck:
    """A finished deck.

    Attributes:
        content: the .pptx. manifest: what each slide holds, how it was made and why. numbers: see `frozen`.
        month, place: the month and the name of the place it is of.
        placed: card, drawing and what became of it, in the order of the slides; for whoever compares their numbers.
    """

    content: bytes
    manifest: dict[str, Any]
    numbers: dict[str, Any]
    title: str
    month: str
    place: str
    file_name: str
    placed: tuple[tuple[str, Drawing, Placed], ...] = ()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def build_deck(reader: Reader, order: Order, making: Making) -> Deck:
    """The deck of `order`.

    Raises:
        CancelledError: `making.is_cancelled` said so. UsageError, UnknownKeyError: no such area, compound or month.
        BasketError: an empty basket. EmptyDeckError: nothing to show at all.
    """
    return _Builder(reader.pinned(), order, making).build()


@dataclass
class _Drawn:
    """One card of a slide, drawn: which rows of it this slide shows."""

    part: Part
    drawing: Drawing
    rows: slice | None = None


@dataclass
class _Page:
    """One slide: its shape, what stands on it, and which of several it is when a table goes on."""

    shape: Shape
    drawn: list[_Drawn]
    turn: int = 1
    turns: int = 1
    hidden: int = 0


class _Builder:
    def __init__(self, reader: Reader, order: Order, making: Making) -> None:
        self.reader, self.order, self.making, self.words = reader, order, making, making.words
        self.view = self._view()
        self.ink = Ink("light")
        self.left_out: list[dict[str, str]] = []
        self.notices: list[Notice] = []
        self.placed: list[tuple[str, Drawing, Placed]] = []
        self.done, self.total = 0, 1

    # -- what is asked for --------------------------------------------------------------------------------------------

    def _view(self) -> View:
        reader, order = self.reader, self.order
        if not reader.city.code or not reader.months:
            raise EmptyDeckError(
                "库里还没有数据", why="没有可以画的图表", todo="请先导入数据", code="empty_store"
            )  # fmt: skip
        if order.area is not None:
            reader.level_of(order.area)
        area = None if order.area == reader.city.code else order.area
        if order.month is not None and order.month not in reader.months:
            first, last = reader.months[0], reader.months[-1]
            raise UsageError(
                f"没有{order.month}的数据", why=f"库里的月份是 {first} 至 {last}", todo="请换一个月份，或先导入该月的表",
                code="month_without_data",
            )  # fmt: skip
        if order.compound is not None:
            known = set(reader.register("compound")["compound_id"])
            if order.compound not in known:
                guess = nearest(order.compound, known)
                raise UsageError(
                    f"没有编号为“{order.compound[:60]}”的小区", todo=f"是否想写“{guess}”" if guess else "请对照小区名录",
                    code="unknown_compound",
                )  # fmt: skip
        return View(area=area, compound=order.compound, month=order.month, lang=self.words.lang)

    @property
    def month(self) -> str:
        return self.view.month_of(self.reader)

    @property
    def place(self) -> str:
        return self.reader.label(self.view.compound or self.view.area or self.reader.city.code)

    # -- steps --------------------------------------------------------------------------------------------------------

    def step(self, what: str) -> None:
        """One step done; raises when the deck is no longer wanted."""
        if self.making.is_cancelled():
            raise CancelledError("简报已取消", todo="需要时重新生成", code="cancelled")
        self.done += 1
        self.total = max(self.total, self.done)
        self.making.progress(self.done, self.total, what)

    def build(self) -> Deck:
        words = self.words
        plans = self._plans()
        cards = sum(len(plan.parts) for plan in plans)
        self.total = 3 * cards
        pages = self._paged(list(self._drawings(plans)))
        if not pages:
            raise EmptyDeckError(
                f"{self.place} {self.month} 没有可以放进简报的内容", why="所选范围内没有上报或没有登记",
                todo="请换一个范围或月份", code="empty_deck",
            )  # fmt: skip
        if len(pages) > MOST_SLIDES:
            raise UsageError(
                f"简报会有 {len(pages)} 页，超过 {MOST_SLIDES} 页", todo="请减少清单里的长表", code="deck_long"
            )
        drawn = [(each.part.card, each.drawing) for page in pages for each in page.drawn]
        numbers = frozen(
            {(name, id(drawing)): (name, drawing) for name, drawing in drawn}.values(), self.reader, self.month,
            self._between,
        )  # fmt: skip
        told = Told(numbers, self.reader, words)
        self.total = self.done + len(pages) + 3
        title = self.order.title or self._title()
        slides = SlideWriter(self.making.template, self.making.fonts, words, mark=self._mark(), watermark=self._water())
        manifest: list[dict[str, Any]] = [self._cover(slides, title, pages)]
        for page in pages:
            self.step(words("briefing.step.slide", number=slides.count + 1))
            manifest.append(self._slide(slides, page, told))
        keys = list(numbers["definitions"])
        self.step(words("briefing.step.appendix"))
        manifest += self._appendix(slides, keys)
        self.step(words("briefing.step.packing"))
        content = to_bytes(slides.finished(title, self.making.user.login), self.making.stamp)
        return Deck(
            content=content,
            manifest=self._manifest(manifest, content, title),
            numbers=numbers,
            title=title,
            month=self.month,
            place=self.place,
            file_name=self._file_name(),
            placed=tuple(self.placed),
        )

    def _between(self) -> None:
        if self.making.is_cancelled():
            raise CancelledError("简报已取消", todo="需要时重新生成", code="cancelled")

    def _plans(self) -> tuple[Plan, ...]:
        if self.order.basket is None:
            return monthly(self.view)
        plans, self.notices = of_basket(self.order.basket, self.reader, self.words.lang)
        return plans

    def _title(self) -> str:
        if self.order.basket is not None:
            return self.words("briefing.title.basket", place=self.place)
        return self.words(
            "briefing.title.compound" if self.view.compound else "briefing.title.monthly", place=self.place
        )

    def _mark(self) -> str:
        return self.words("briefing.mark") if self.reader.is_demo else ""

    def _water(self) -> str:
        if self.reader.is_demo:
            return ""
        return watermark(self.making.user, self.making.stamp, self.words) or ""

    def _file_name(self) -> str:
        code = self.view.compound or self.view.area or self.reader.city.code
        kind = "briefing" if self.order.basket is not None else "monthly"
        return f"{kind}-{''.join(c if c.isalnum() and c.isascii() else '-' for c in code)}-{self.month}.pptx"

    # -- drawing ------------------------------------------------------------------------------------------------------

    def _drawings(self, plans: tuple[Plan, ...]) -> Iterator[_Page]:
        for plan in plans:
            drawn = []
            for part in plan.parts:
                self.step(self.words("briefing.step.drawing", title=self._card_title(part)))
                drawing = draw(CARDS[part.card], self.reader, part.view, self.ink, self.words)
                if isinstance(drawing, Failure):
                    why = self.words("failing.body", request=drawing.request)
                    drawing = Drawing(title=self.words("failing.card"), empty=why, alt=why)
                if drawing.empty and plan.is_optional:
                    self.left_out.append({"card": part.card, "why": drawing.empty})
                    continue
                drawn.append(_Drawn(part, drawing))
            if not drawn:
                continue
            if plan.shape in ("pair", "map", "stack") and len(drawn) == 1:
                yield _Page(_shape_of(drawn[0].drawing), drawn)
            elif plan.shape == "findings" and not any(each.drawing.tiles for each in drawn):
                continue
            else:
                yield _Page(plan.shape, drawn)

    def _card_title(self, part: Part) -> str:
        return self.words(f"page.{CARDS[part.card].page.value}")

    def _paged(self, pages: list[_Page]) -> list[_Page]:
        """The slides, a template's missing layouts made up for and long tables continued."""
        out: list[_Page] = []
        for page in pages:
            if page.shape in ("pair", "map") and page.shape not in self.making.template.faces:
                out += [p for each in page.drawn for p in self._continued(_Page(_shape_of(each.drawing), [each]))]
            elif page.shape in ("chart", "table"):
                out += self._continued(page)
            else:
                out.append(page)
        return out

    def _continued(self, page: _Page) -> list[_Page]:
        each = page.drawn[0]
        count = _rows_of(each.drawing)
        fit = rows_that_fit(self.making.template.body("table"), _size_of(each.drawing))
        if not count or each.drawing.empty:
            return [page]
        shown = min(count, each.part.most or count)
        turns = -(-shown // fit)
        return [
            _Page(
                "table", [replace_rows(each, slice(turn * fit, min((turn + 1) * fit, shown)))], turn + 1, turns,
                count - shown,
            )
            for turn in range(turns)
        ]  # fmt: skip

    # -- slides -------------------------------------------------------------------------------------------------------

    def _cover(self, slides: SlideWriter, title: str, pages: list[_Page]) -> dict[str, Any]:
        words, reader = self.words, self.reader
        subtitle = words("text.middot").join(
            [month_name(self.month, words), words("briefing.cover.latest", date=month_name(reader.latest_month, words))]
        )
        note = words(
            "briefing.cover.note", stamp=self.making.stamp.strftime("%Y-%m-%d %H:%M"), login=self.making.user.login,
            revision=reader.revision,
        )  # fmt: skip
        slides.begin("cover")
        slides.say("gd:cover", title, least=24)
        lead = next(
            (e.drawing.title for p in pages if p.shape == "findings" for e in p.drawn if not e.drawing.tiles), ""
        )
        slides.say("gd:cover_subtitle", subtitle)
        slides.below("gd:cover_subtitle", lead)
        slides.say("gd:cover_note", note)
        slides.note(words.listed([title, subtitle, note]))
        return {"number": slides.count, "title": title, "layout": slides.face.name, "parts": []}

    def _slide(self, slides: SlideWriter, page: _Page, told: Told) -> dict[str, Any]:
        words, lead = self.words, page.drawn[0]
        slides.begin(page.shape)
        title = lead.part.title or lead.drawing.title
        if page.shape == "findings":
            title = words("briefing.findings", place=self.place, month=month_name(self.month, words))
        if page.turns > 1:
            title = words("briefing.continued", title=title, turn=page.turn, turns=page.turns)
        slides.say("gd:title", title, least=16)
        slides.say("gd:subtitle", "" if page.shape == "findings" else lead.drawing.subtitle)
        feet = list(dict.fromkeys(text for each in page.drawn if (text := self._foot(each, page))))
        slides.say("gd:foot", words("briefing.foot_separator").join(feet), least=8)
        parts = self._findings(slides, page, told) if page.shape == "findings" else self._parts(slides, page, told)
        slides.note(notes_of([(each.part, each.drawing) for each in page.drawn], told, title, words))
        address = lead.part.view.href()
        return {
            "number": slides.count, "title": title, "layout": slides.face.name, "address": address, "parts": parts,
        }  # fmt: skip

    def _foot(self, each: _Drawn, page: _Page) -> str:
        words = self.words
        text = foot(each.drawing, words)
        if _is_map(each.drawing) and self.making.review_no and self.making.review_no not in text:
            text = words("text.middot").join(
                part for part in (text, words("card.review_no", number=self.making.review_no)) if part
            )
        if page.hidden:
            more = words("briefing.more_rows", count=page.hidden, address=each.part.view.href())
            text = words("text.middot").join(part for part in (text, more) if part)
        return text

    def _findings(self, slides: SlideWriter, page: _Page, told: Told) -> list[dict[str, Any]]:
        """Tiles above, the sentences of the pages below."""
        body = self.making.template.body("chart")
        top = Box(body.left, body.top, body.width, round(body.height * TILES_SHARE))
        parts = []
        sentences = []
        for each in page.drawn:
            if each.drawing.tiles:
                parts.append(self._place(slides, each, top, told))
            else:
                sentences.append((self._card_title(each.part), each.drawing.title))
                parts.append({"card": each.part.card, "way": "text", "why": "", "name": "gd:findings"})
        below = round(body.height * (TILES_SHARE + 0.05))
        slides.sentences(
            sentences, Box(body.left, body.top + below, body.width, body.height - below), name="gd:findings"
        )
        slides.unused("gd:chart")
        return parts

    def _parts(self, slides: SlideWriter, page: _Page, told: Told) -> list[dict[str, Any]]:
        places: dict[Shape, tuple[tuple[str, str], ...]] = {
            "pair": (("gd:chart", "gd:caption"), ("gd:chart2", "gd:caption2")),
            "map": (("gd:map", ""), ("gd:side", "gd:side_caption")),
        }
        if page.shape == "stack":
            return self._stacked(slides, page, told)
        if page.shape not in places:
            return [self._place(slides, page.drawn[0], slides.take_body(page.shape), told)]
        parts = []
        for place, (each, (body, caption)) in enumerate(zip(page.drawn, places[page.shape], strict=True)):
            box = slides.take(body)
            if place == 0:
                # Its finding is the title of the slide: nothing is left to say over it, so it begins higher.
                above = slides.face.boxes.get(caption)
                box = Box(box.left, above.top, box.width, box.bottom - above.top) if above else box
            else:
                if page.shape == "map":
                    # The legend of a map is as wide as it needs to be and may run on below what stands beside it.
                    box = Box(box.left, box.top, box.width, box.height - LEGEND)
                slides.caption(caption, [each.part.title or each.drawing.title, each.drawing.subtitle])
            parts.append(self._place(slides, each, box, told))
        return parts

    def _stacked(self, slides: SlideWriter, page: _Page, told: Told) -> list[dict[str, Any]]:
        """Lists below each other, each with room for its rows."""
        body = slides.take_body("stack")
        # The heading takes a row, and so does what a row rounded down would lose.
        rows = [min(_rows_of(each.drawing), each.part.most or 99) + 2 for each in page.drawn]
        room = body.height - STACK_CAPTION * (len(rows) - 1)
        parts, top = [], body.top
        for place, (each, count) in enumerate(zip(page.drawn, rows, strict=True)):
            tall = room * count // sum(rows)
            over = STACK_CAPTION if place else 0
            if place:
                said = [each.part.title or each.drawing.title, each.drawing.subtitle]
                slides.captioned(f"gd:caption{place + 1}", said, Box(body.left, top, body.width, over))
            parts.append(self._place(slides, each, Box(body.left, top + over, body.width, tall), told))
            top += over + tall
        return parts

    def _place(self, slides: SlideWriter, each: _Drawn, box: Box, told: Told) -> dict[str, Any]:
        if each.drawing.entries and each.rows is None and each.part.most:
            each = replace_rows(each, slice(0, each.part.most))
        placed = place_drawing(
            slides.slide, each.drawing, box, name=f"gd {each.part.card}", ink=self.ink, words=self.words,
            fonts=slides.fonts, sheet=sheet_of(each.drawing, told, self.making.stamp, self.words),
            render=self.making.render, rows=each.rows,
        )  # fmt: skip
        self.placed.append((each.part.card, each.drawing, placed))
        return {"card": each.part.card, "way": placed.way, "why": placed.why, "name": placed.name, **_sizes(placed)}

    def _appendix(self, slides: SlideWriter, keys: list[str]) -> list[dict[str, Any]]:
        words = self.words
        out = []
        pages = appendix_pages([meaning(key, words) for key in keys], self.making.template.body("text"), words)
        for turn, paragraphs in enumerate(pages, start=1):
            slides.begin("text")
            title = words("briefing.appendix")
            if len(pages) > 1:
                title = words("briefing.continued", title=title, turn=turn, turns=len(pages))
            slides.say("gd:title", title)
            slides.say("gd:subtitle", words("briefing.appendix_subtitle", count=len(keys)))
            slides.say("gd:foot", words("briefing.appendix_foot"))
            slides.glossary(paragraphs)
            slides.note(words("briefing.appendix_foot"))
            out.append({"number": slides.count, "title": title, "layout": slides.face.name,
                        "parts": [{"card": "", "way": "text", "why": "", "name": "gd:text"}]})  # fmt: skip
        return out

    def _manifest(self, slides: list[dict[str, Any]], content: bytes, title: str) -> dict[str, Any]:
        return {
            "title": title, "place": self.place, "month": self.month, "revision": self.reader.revision,
            "stamp": self.making.stamp.isoformat(), "template": self.making.template.name,
            "sha256": hashlib.sha256(content).hexdigest(), "size_bytes": len(content), "slides": slides,
            "left_out": self.left_out,
            "notices": [self.words(notice.key, **notice.values) for notice in self.notices],
        }  # fmt: skip


def replace_rows(each: _Drawn, rows: slice) -> _Drawn:
    """The same card with other rows of its table."""
    return replace(each, rows=rows)


def _rows_of(drawing: Drawing) -> int:
    """Rows of a table or list; 0 for anything else."""
    if drawing.grid is not None:
        return len(drawing.grid.rows)
    return len(drawing.entries) or len(drawing.facts)


def _size_of(drawing: Drawing) -> float:
    return GRID_SIZE if drawing.grid is not None else LIST_SIZE


def _shape_of(drawing: Drawing) -> Shape:
    return "table" if _rows_of(drawing) else "chart"


def _is_map(drawing: Drawing) -> bool:
    return any(trace.get("type") == "choropleth" for trace in (drawing.figure or {}).get("data", []))


def _sizes(placed: Placed) -> dict[str, Any]:
    """What the manifest keeps of a conversion's details: how much there is, not the numbers themselves."""
    detail = placed.detail
    sizes: dict[str, Any] = {name: len(detail[name]) for name in ("charts", "areas", "points") if name in detail}
    if "rows" in detail:
        sizes["rows"] = detail["rows"]
    return sizes
