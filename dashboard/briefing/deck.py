"""Building a deck: the cards of a plan, drawn as the pages draw them, put on slides of a template, frozen with their numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dashboard.access import watermark
from dashboard.briefing.composing import Composer, card_title
from dashboard.briefing.numbers import frozen
from dashboard.briefing.order import CancelledError, Deck, EmptyDeckError, Making, Order
from dashboard.briefing.paging import Drawn, SlidePage, paged, shape_of
from dashboard.briefing.plan import Plan, monthly, of_basket
from dashboard.briefing.slide import SlideWriter
from dashboard.briefing.told import Told
from dashboard.cards import CARDS
from dashboard.cards.drawing import Failure, draw
from dashboard.cards.types import Drawing
from dashboard.slides import to_bytes
from dashboard.theme import Ink
from dashboard.view import Notice, View
from data.errors import UsageError, nearest

if TYPE_CHECKING:
    from data.query import Reader

MOST_SLIDES = 200


def build_deck(reader: Reader, order: Order, making: Making) -> Deck:
    """The deck of `order`.

    Raises:
        CancelledError: `making.is_cancelled` said so. UsageError, UnknownKeyError: no such area, compound or month.
        BasketError: an empty basket. EmptyDeckError: nothing to show at all.
    """
    return _Builder(reader.pinned(), order, making).build()


class _Builder:
    def __init__(self, reader: Reader, order: Order, making: Making) -> None:
        self.reader, self.order, self.making, self.words = reader, order, making, making.words
        self.view = self._view()
        self.ink = Ink("light")
        self.left_out: list[dict[str, str]] = []
        self.notices: list[Notice] = []
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
        pages = paged(list(self._drawings(plans)), self.making.template)
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
        composer = Composer(slides, self.reader, self.making, self.ink, place=self.place, month=self.month)
        manifest: list[dict[str, Any]] = [composer.cover(title, pages)]
        for page in pages:
            self.step(words("briefing.step.slide", number=slides.count + 1))
            manifest.append(composer.slide(page, told))
        keys = list(numbers["definitions"])
        self.step(words("briefing.step.appendix"))
        manifest += composer.appendix(keys)
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
            placed=tuple(composer.placed),
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

    def _drawings(self, plans: tuple[Plan, ...]) -> Iterator[SlidePage]:
        for plan in plans:
            drawn = []
            for part in plan.parts:
                self.step(self.words("briefing.step.drawing", title=card_title(part, self.words)))
                drawing = draw(CARDS[part.card], self.reader, part.view, self.ink, self.words)
                if isinstance(drawing, Failure):
                    why = self.words("failing.body", request=drawing.request)
                    drawing = Drawing(title=self.words("failing.card"), empty=why, alt=why)
                if drawing.empty and plan.is_optional:
                    self.left_out.append({"card": part.card, "why": drawing.empty})
                    continue
                drawn.append(Drawn(part, drawing))
            if not drawn:
                continue
            if plan.shape in ("pair", "map", "stack") and len(drawn) == 1:
                yield SlidePage(shape_of(drawn[0].drawing), drawn)
            elif plan.shape == "findings" and not any(each.drawing.tiles for each in drawn):
                continue
            else:
                yield SlidePage(plan.shape, drawn)

    def _manifest(self, slides: list[dict[str, Any]], content: bytes, title: str) -> dict[str, Any]:
        return {
            "title": title, "place": self.place, "month": self.month, "revision": self.reader.revision,
            "stamp": self.making.stamp.isoformat(), "template": self.making.template.name,
            "sha256": hashlib.sha256(content).hexdigest(), "size_bytes": len(content), "slides": slides,
            "left_out": self.left_out,
            "notices": [self.words(notice.key, **notice.values) for notice in self.notices],
        }  # fmt: skip
