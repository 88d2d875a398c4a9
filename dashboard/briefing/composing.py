"""Puts drawn cards on slides: cover, findings, charts beside and tables below each other, the appendix."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dashboard.briefing.definitions import meaning
from dashboard.briefing.order import Making
from dashboard.briefing.paging import Drawn, SlidePage, rows_of
from dashboard.briefing.plan import Part, Shape
from dashboard.briefing.slide import SlideWriter
from dashboard.briefing.told import Told, appendix_pages, notes_of, sheet_of
from dashboard.cards import CARDS
from dashboard.cards.foot import foot
from dashboard.cards.types import Drawing
from dashboard.numbers import month_name
from dashboard.slides import Box, Placed, place_drawing
from dashboard.theme import Ink

if TYPE_CHECKING:
    from dashboard.wording import Words
    from data.query import Reader

# The tiles of the opening take this share of its height.
TILES_SHARE = 0.34
# Height of the words over the second of two lists, EMU.
STACK_CAPTION = 36 * 12700
# Height a map's legend takes at the bottom, EMU.
LEGEND = 34 * 12700


def card_title(part: Part, words: Words) -> str:
    """Name of the page a card is of."""
    return words(f"page.{CARDS[part.card].page.value}")


class Composer:
    """Writes one slide after another; each method gives what the manifest says of its slides.

    Args:
        place, month: what the deck is of: the place's name, the month's number.

    Attributes:
        placed: card, drawing and what became of it, in the order of the slides.
    """

    def __init__(
        self, slides: SlideWriter, reader: Reader, making: Making, ink: Ink, *, place: str, month: str
    ) -> None:
        self.slides, self.reader, self.making, self.ink = slides, reader, making, ink
        self.words, self.place, self.month = making.words, place, month
        self.placed: list[tuple[str, Drawing, Placed]] = []

    def cover(self, title: str, pages: list[SlidePage]) -> dict[str, Any]:
        words, reader = self.words, self.reader
        subtitle = words("text.middot").join(
            [month_name(self.month, words), words("briefing.cover.latest", date=month_name(reader.latest_month, words))]
        )
        note = words(
            "briefing.cover.note", stamp=self.making.stamp.strftime("%Y-%m-%d %H:%M"), login=self.making.user.login,
            revision=reader.revision,
        )  # fmt: skip
        self.slides.begin("cover")
        self.slides.say("gd:cover", title, least=24)
        lead = next(
            (e.drawing.title for p in pages if p.shape == "findings" for e in p.drawn if not e.drawing.tiles), ""
        )
        self.slides.say("gd:cover_subtitle", subtitle)
        self.slides.below("gd:cover_subtitle", lead)
        self.slides.say("gd:cover_note", note)
        self.slides.note(words.listed([title, subtitle, note]))
        return {"number": self.slides.count, "title": title, "layout": self.slides.face.name, "parts": []}

    def slide(self, page: SlidePage, told: Told) -> dict[str, Any]:
        words, lead = self.words, page.drawn[0]
        self.slides.begin(page.shape)
        title = lead.part.title or lead.drawing.title
        if page.shape == "findings":
            title = words("briefing.findings", place=self.place, month=month_name(self.month, words))
        if page.turns > 1:
            title = words("briefing.continued", title=title, turn=page.turn, turns=page.turns)
        self.slides.say("gd:title", title, least=16)
        self.slides.say("gd:subtitle", "" if page.shape == "findings" else lead.drawing.subtitle)
        feet = list(dict.fromkeys(text for each in page.drawn if (text := self._foot(each, page))))
        self.slides.say("gd:foot", words("briefing.foot_separator").join(feet), least=8)
        parts = self._findings(page, told) if page.shape == "findings" else self._parts(page, told)
        self.slides.note(notes_of([(each.part, each.drawing) for each in page.drawn], told, title, words))
        address = lead.part.view.href()
        return {
            "number": self.slides.count, "title": title, "layout": self.slides.face.name, "address": address, "parts": parts,
        }  # fmt: skip

    def _foot(self, each: Drawn, page: SlidePage) -> str:
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

    def _findings(self, page: SlidePage, told: Told) -> list[dict[str, Any]]:
        """Tiles above, the sentences of the pages below."""
        body = self.making.template.body("chart")
        top = Box(body.left, body.top, body.width, round(body.height * TILES_SHARE))
        parts = []
        sentences = []
        for each in page.drawn:
            if each.drawing.tiles:
                parts.append(self._place(each, top, told))
            else:
                sentences.append((card_title(each.part, self.words), each.drawing.title))
                parts.append({"card": each.part.card, "way": "text", "why": "", "name": "gd:findings"})
        below = round(body.height * (TILES_SHARE + 0.05))
        self.slides.sentences(
            sentences, Box(body.left, body.top + below, body.width, body.height - below), name="gd:findings"
        )
        self.slides.unused("gd:chart")
        return parts

    def _parts(self, page: SlidePage, told: Told) -> list[dict[str, Any]]:
        places: dict[Shape, tuple[tuple[str, str], ...]] = {
            "pair": (("gd:chart", "gd:caption"), ("gd:chart2", "gd:caption2")),
            "map": (("gd:map", ""), ("gd:side", "gd:side_caption")),
        }
        if page.shape == "stack":
            return self._stacked(page, told)
        if page.shape not in places:
            return [self._place(page.drawn[0], self.slides.take_body(page.shape), told)]
        parts = []
        for place, (each, (body, caption)) in enumerate(zip(page.drawn, places[page.shape], strict=True)):
            box = self.slides.take(body)
            if place == 0:
                # Its finding is the title of the slide: nothing is left to say over it, so it begins higher.
                above = self.slides.face.boxes.get(caption)
                box = Box(box.left, above.top, box.width, box.bottom - above.top) if above else box
            else:
                if page.shape == "map":
                    # The legend of a map is as wide as it needs to be and may run on below what stands beside it.
                    box = Box(box.left, box.top, box.width, box.height - LEGEND)
                self.slides.caption(caption, [each.part.title or each.drawing.title, each.drawing.subtitle])
            parts.append(self._place(each, box, told))
        return parts

    def _stacked(self, page: SlidePage, told: Told) -> list[dict[str, Any]]:
        """Lists below each other, each with room for its rows."""
        body = self.slides.take_body("stack")
        # The heading takes a row, and so does what a row rounded down would lose.
        rows = [min(rows_of(each.drawing), each.part.most or 99) + 2 for each in page.drawn]
        room = body.height - STACK_CAPTION * (len(rows) - 1)
        parts, top = [], body.top
        for place, (each, count) in enumerate(zip(page.drawn, rows, strict=True)):
            tall = room * count // sum(rows)
            over = STACK_CAPTION if place else 0
            if place:
                said = [each.part.title or each.drawing.title, each.drawing.subtitle]
                self.slides.captioned(f"gd:caption{place + 1}", said, Box(body.left, top, body.width, over))
            parts.append(self._place(each, Box(body.left, top + over, body.width, tall), told))
            top += over + tall
        return parts

    def _place(self, each: Drawn, box: Box, told: Told) -> dict[str, Any]:
        if each.drawing.entries and each.rows is None and each.part.most:
            each = replace(each, rows=slice(0, each.part.most))
        placed = place_drawing(
            self.slides.slide, each.drawing, box, name=f"gd {each.part.card}", ink=self.ink, words=self.words,
            fonts=self.slides.fonts, sheet=sheet_of(each.drawing, told, self.making.stamp, self.words),
            render=self.making.render, rows=each.rows,
        )  # fmt: skip
        self.placed.append((each.part.card, each.drawing, placed))
        return {"card": each.part.card, "way": placed.way, "why": placed.why, "name": placed.name, **_sizes(placed)}

    def appendix(self, keys: list[str]) -> list[dict[str, Any]]:
        words = self.words
        out = []
        pages = appendix_pages([meaning(key, words) for key in keys], self.making.template.body("text"), words)
        for turn, paragraphs in enumerate(pages, start=1):
            self.slides.begin("text")
            title = words("briefing.appendix")
            if len(pages) > 1:
                title = words("briefing.continued", title=title, turn=turn, turns=len(pages))
            self.slides.say("gd:title", title)
            self.slides.say("gd:subtitle", words("briefing.appendix_subtitle", count=len(keys)))
            self.slides.say("gd:foot", words("briefing.appendix_foot"))
            self.slides.glossary(paragraphs)
            self.slides.note(words("briefing.appendix_foot"))
            out.append({"number": self.slides.count, "title": title, "layout": self.slides.face.name,
                        "parts": [{"card": "", "way": "text", "why": "", "name": "gd:text"}]})  # fmt: skip
        return out


def _is_map(drawing: Drawing) -> bool:
    return any(trace.get("type") == "choropleth" for trace in (drawing.figure or {}).get("data", []))


def _sizes(placed: Placed) -> dict[str, Any]:
    """What the manifest keeps of a conversion's details: how much there is, not the numbers themselves."""
    detail = placed.detail
    sizes: dict[str, Any] = {name: len(detail[name]) for name in ("charts", "areas", "points") if name in detail}
    if "rows" in detail:
        sizes["rows"] = detail["rows"]
    return sizes
