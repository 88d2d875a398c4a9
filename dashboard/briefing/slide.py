"""Writing on slides of a template: text into the places a template names, everything else where it leaves room."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.util import Emu, Pt

from dashboard.briefing.template import BODY, Face, Template
from dashboard.slides import Box, Fonts
from dashboard.slides.shapes import Ids, put, rooted, text_box
from dashboard.slides.text import clean, shortened, text_width
from dashboard.slides.types import EMU_PER_PT
from dashboard.wording import Words

LEADING = 1.22
# Where the layout does not say: points.
SIZE = 14.0
GLOSSARY_SIZE = 11.0
GLOSSARY_GAP = 28
SENTENCE_SIZE = 15.0
CAPTION_SIZE = 12.0
CAPTION_SMALL = 10.5
WATER_SIZE, WATER_COLOUR = 30.0, "#e3e0db"
LONGEST_NOTE = 8000


class SlideWriter:
    """A deck being written, slide by slide.

    Attributes:
        count: slides so far. slide: the last one, of python-pptx. face: its layout.
    """

    def __init__(self, template: Template, fonts: Fonts, words: Words, *, mark: str, watermark: str) -> None:
        self.template, self.fonts, self.words = template, fonts, words
        self.mark, self.watermark = mark, watermark
        self.deck = template.open()
        self.count = 0
        self.slide: Any = None
        self.face: Face = template.face("cover")
        self._held: dict[str, Any] = {}

    # -- slides -------------------------------------------------------------------------------------------------------

    def begin(self, kind: str) -> None:
        """A new slide of a kind, marked as demo data or with who made it when."""
        self._close()
        self.face = self.template.face(kind)
        layout = self.deck.slide_layouts[self.face.layout]
        self.slide = self.deck.slides.add_slide(layout)
        self.count += 1
        names = {s.placeholder_format.idx: str(s.name) for s in layout.placeholders}
        self._held = {}
        for shape in self.slide.placeholders:
            name = names.get(shape.placeholder_format.idx, "")
            shape.name = name or shape.name
            self._held[shape.name] = shape
        self._number(layout)
        if self.watermark:
            self._water()
        if self.mark and "gd:mark" in self.face.boxes:
            self.say("gd:mark", self.mark)

    def finished(self, title: str, author: str) -> Any:
        """The presentation, its properties set."""
        self._close()
        core = self.deck.core_properties
        core.title, core.author, core.last_modified_by = clean(title)[:250], clean(author), clean(author)
        core.subject = core.keywords = core.comments = core.category = ""
        core.language = {"zh": "zh-CN"}.get(self.words.lang, self.words.lang)
        return self.deck

    def _close(self) -> None:
        """What of the last slide nobody wrote into would invite a click: it goes."""
        for name in list(self._held):
            self.unused(name)

    def _number(self, layout: Any) -> None:
        for shape in layout.placeholders:
            if shape.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER:
                element = copy.deepcopy(shape._element)
                element.nvSpPr.cNvPr.set("id", str(Ids(self.slide).next()))
                self.slide.shapes._spTree.append(element)

    def _water(self) -> None:
        width, height = self.template.width, self.template.height
        box = Box(round(width * 0.1), round(height * 0.45), round(width * 0.8), round(height * 0.1))
        written = text_box(
            Ids(self.slide), "gd:watermark", box, self.watermark, size=WATER_SIZE, colour=WATER_COLOUR, fonts=self.fonts,
            align="ctr", anchor="ctr",
        )  # fmt: skip
        element = put(self.slide, rooted(written))
        element.spPr.xfrm.set("rot", str(-20 * 60000))
        # Behind everything: the first after the tree's own properties.
        tree = self.slide.shapes._spTree
        tree.remove(element)
        tree.insert(2, element)

    # -- places -------------------------------------------------------------------------------------------------------

    def unused(self, name: str) -> None:
        """Take the placeholder away."""
        shape = self._held.pop(name, None)
        if shape is not None:
            shape._element.getparent().remove(shape._element)

    def take(self, name: str) -> Box:
        """The box of a place that something else than text will stand in."""
        self.unused(name)
        return self.face.boxes[name]

    def take_body(self, kind: str) -> Box:
        """The box of the body of a slide of that kind."""
        wanted = BODY.get(kind, "gd:chart")
        return self.take(wanted if wanted in self.face.boxes else "gd:chart")

    def frame(self, name: str) -> Any:
        """The text frame of a named place, empty; None where the layout has no such place."""
        box = self.face.boxes.get(name)
        if box is None:
            return None
        shape = self._held.pop(name, None)
        if shape is None:
            shape = self.slide.shapes.add_textbox(Emu(box.left), Emu(box.top), Emu(box.width), Emu(box.height))
            shape.name = name
            shape.text_frame.word_wrap = True
        return shape.text_frame

    # -- text ---------------------------------------------------------------------------------------------------------

    def say(self, name: str, text: str, *, least: float = 9.0) -> None:
        """Write one paragraph into a named place, smaller where it would not fit, cut where even `least` is too large."""
        if name == "gd:foot" and self.mark and "gd:mark" not in self.face.boxes:
            text = self.words("text.middot").join(part for part in (self.mark, text) if part)
        if not text:
            self.unused(name)
            return
        frame = self.frame(name)
        if frame is None:
            return
        size = self._size(name)
        fitted, points = fit(clean(text), self.face.boxes[name], size, least)
        frame.text = fitted
        if points < size:
            for run in frame.paragraphs[0].runs:
                run.font.size = Pt(points)

    def below(self, name: str, text: str) -> None:
        """A second paragraph where `say` has written one, in the ink of the text."""
        shape = next((shape for shape in self.slide.shapes if shape.name == name), None)
        if shape is None or not text:
            return
        box = self.face.boxes[name]
        half = Box(box.left, box.top, box.width, box.height // 2)
        fitted, points = fit(clean(text), half, 16.0, 11.0)
        paragraph = shape.text_frame.add_paragraph()
        paragraph.space_before = Pt(6)
        run = paragraph.add_run()
        run.text = fitted
        run.font.size = Pt(points)
        run.font.color.theme_color = MSO_THEME_COLOR.TEXT_1

    def caption(self, name: str, lines: Sequence[str]) -> None:
        """What stands over the second of two charts: its finding in bold, and below it what is measured."""
        if (frame := self.frame(name)) is not None:
            _write_caption(frame, lines, self.face.boxes[name])

    def captioned(self, name: str, lines: Sequence[str], box: Box) -> None:
        """The same in a text box of its own."""
        shape = self.slide.shapes.add_textbox(Emu(box.left), Emu(box.top), Emu(box.width), Emu(box.height))
        shape.name = name
        frame = shape.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        _write_caption(frame, lines, box)

    def sentences(self, said: Sequence[tuple[str, str]], box: Box, *, name: str) -> None:
        """Findings, each with the page it is from, as paragraphs of one text box."""
        size = SENTENCE_SIZE
        gap = 0.55

        def height(points: float) -> float:
            lines = sum(lines_of(f"{label}　{text}", box, points) for label, text in said)
            return lines * points * LEADING + len(said) * points * gap

        while size > 10.5 and height(size) > box.height / EMU_PER_PT:
            size -= 0.5
        shape = self.slide.shapes.add_textbox(Emu(box.left), Emu(box.top), Emu(box.width), Emu(box.height))
        shape.name = name
        frame = shape.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        for place, (label, text) in enumerate(said):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(size * gap)
            # The label stands once over what follows it.
            told = label if place == 0 or said[place - 1][0] != label else ""
            for part, is_label in ((f"{told}　" if told else "", True), (text, False)):
                if not part:
                    continue
                run = paragraph.add_run()
                run.text = clean(part)
                run.font.size, run.font.bold = Pt(size), is_label
                if is_label:
                    run.font.color.theme_color = MSO_THEME_COLOR.ACCENT_1

    def glossary(self, paragraphs: Sequence[tuple[str, str]]) -> None:
        """Terms and what they mean, in two columns."""
        name = "gd:text" if "gd:text" in self.face.boxes else "gd:chart"
        frame = self.frame(name)
        frame.word_wrap = True
        properties = frame._txBody.bodyPr
        properties.set("numCol", "2")
        properties.set("spcCol", str(GLOSSARY_GAP * EMU_PER_PT))
        for place, (term, text) in enumerate(paragraphs):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.space_before, paragraph.space_after = Pt(0), Pt(GLOSSARY_SIZE * 0.5)
            for part, is_term in ((f"{term}　", True), (text, False)):
                run = paragraph.add_run()
                run.text = clean(part)
                run.font.size, run.font.bold = Pt(GLOSSARY_SIZE), is_term

    def note(self, text: str) -> None:
        """The speaker's notes."""
        self.slide.notes_slide.notes_text_frame.text = shortened(
            "\n".join(clean(line) for line in text.split("\n")), LONGEST_NOTE
        )

    def _size(self, name: str) -> float:
        """Points of the layout's type at a named place."""
        layout = self.deck.slide_layouts[self.face.layout]
        for shape in layout.shapes:
            if shape.name == name:
                found = shape._element.xpath(".//a:lstStyle/a:lvl1pPr/a:defRPr/@sz | .//a:rPr/@sz")
                if found:
                    return int(found[0]) / 100
        return 24.0 if name in ("gd:title", "gd:cover") else SIZE


def _write_caption(frame: Any, lines: Sequence[str], box: Box) -> None:
    for place, line in enumerate(line for line in lines if line):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        size = CAPTION_SMALL if place else CAPTION_SIZE
        part = Box(box.left, box.top, box.width, round(size * LEADING * EMU_PER_PT * 1.02))
        text, points = fit(clean(line), part, size, 9.0)
        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.bold = Pt(points), place == 0


def lines_of(text: str, box: Box, size: float) -> int:
    """How many lines the text takes in the box."""
    # A line is broken before the sign that no longer fits, so that some room is lost at each end.
    room = max(box.width / EMU_PER_PT - size, size)
    return max(-(-int(text_width(text, size)) // max(int(room), 1)), 1)


def fit(text: str, box: Box, size: float, least: float) -> tuple[str, float]:
    """The text and the size at which it stays in the box, at least `least`; cut where even that is too large."""
    height = box.height / EMU_PER_PT
    points = size
    while points > least and lines_of(text, box, points) * points * LEADING > height * 1.02:
        points -= 0.5
    while len(text) > 8 and lines_of(text, box, points) * points * LEADING > max(height * 1.02, points * LEADING):
        text = shortened(text, max(8, int(len(text) * 0.94)))
    return text, points
