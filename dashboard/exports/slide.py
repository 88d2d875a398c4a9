"""A card as one slide of the house's template, native and editable, with its foot and its mark."""

from __future__ import annotations

from dashboard.briefing.definitions import meaning
from dashboard.briefing.slide import SlideWriter
from dashboard.briefing.template import Template
from dashboard.exports.meaning import filters_in_words, foot_of
from dashboard.exports.taking import Taken
from dashboard.slides import Fonts, Renderer, Sheet, place_drawing, to_bytes


def to_slide(taken: Taken, template: Template, *, render: Renderer | None = None) -> bytes:
    """A presentation with the card on its one slide.

    Args:
        render: draws what has no native form; None: such a chart becomes a table of its numbers.
    """
    drawing, said, words = taken.drawing, taken.meaning, taken.words
    fonts = Fonts()
    writer = SlideWriter(template, fonts, words, mark=" · ".join(said.marks), watermark=said.watermark)
    kind = "table" if drawing.grid or drawing.entries or drawing.facts else "chart"
    writer.begin(kind)
    writer.say("gd:title", said.title, least=16)
    writer.say("gd:subtitle", words("text.middot").join(t for t in (said.subtitle, filters_in_words(said, words)) if t))
    keys = dict.fromkeys((*(query.key for query in drawing.queries), *taken.card.indicators))
    sheet = Sheet(
        title=said.title, subtitle=said.subtitle, n=said.n, as_of=said.as_of, source=said.source,
        filters=filters_in_words(said, words), definitions=tuple(meaning(key, words) for key in keys), stamp=said.stamp,
    )  # fmt: skip
    placed = place_drawing(
        writer.slide, drawing, writer.take_body(kind), name=f"gd {said.card}", ink=taken.ink, words=words, fonts=fonts,
        sheet=sheet, render=render,
    )  # fmt: skip
    writer.say(
        "gd:foot", words("text.middot").join(text for text in (foot_of(said, words), placed.why) if text), least=8
    )
    writer.note(f"{said.title}\n{filters_in_words(said, words)}\n{foot_of(said, words)}\n{said.address}")
    return to_bytes(writer.finished(said.title, words("app.title")), said.stamp)
