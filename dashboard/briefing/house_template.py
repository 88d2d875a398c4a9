"""The template a deck is made in when nobody brings one: 16:9, light, made of a real master, layouts and placeholders.

Everything a slide shows stands in a placeholder whose name says what belongs there, see `dashboard.briefing.template`.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import escape

from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.util import Emu

from dashboard.palettes import LIGHT
from dashboard.wording import Words

INCH = 914400
WIDTH, HEIGHT = 12192000, 6858000
NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
# Edges of the page, in inches.
LEFT, RIGHT = 0.5, 12.83
BODY_TOP, BODY_BOTTOM = 1.52, 6.78
GAP = 0.3
HALF = (RIGHT - LEFT - GAP) / 2
WIDE = RIGHT - LEFT
CAPTION = 0.52
SIDE = 4.3


@dataclass(frozen=True)
class Slot:
    """A placeholder: name, `type` and index of its kind, place in inches, size of type in points, colour, weight."""

    name: str
    kind: str
    index: int
    left: float
    top: float
    width: float
    height: float
    size: float = 12
    colour: str = "tx1"
    bold: bool = False
    anchor: str = "t"
    align: str = "l"


TITLE = Slot("gd:title", "title", 0, LEFT, 0.36, 10.9, 0.78, 24, bold=True, anchor="b")
SUBTITLE = Slot("gd:subtitle", "body", 10, LEFT, 1.15, 10.9, 0.3, 12, "tx2")
FOOT = Slot("gd:foot", "body", 11, LEFT, 6.9, 11.4, 0.38, 10, "tx2", anchor="ctr")
MARK = Slot("gd:mark", "body", 12, 11.45, 0.42, 1.38, 0.32, 11, "accent1", bold=True, anchor="ctr", align="r")
BODY_HEIGHT = BODY_BOTTOM - BODY_TOP
FRAME = (TITLE, SUBTITLE, FOOT, MARK)

LAYOUTS: tuple[tuple[str, tuple[Slot, ...]], ...] = (
    (
        "cover",
        (
            Slot("gd:cover", "ctrTitle", 0, 0.9, 2.05, 11.2, 1.25, 36, bold=True, anchor="b"),
            Slot("gd:cover_subtitle", "subTitle", 10, 0.9, 3.5, 11.2, 0.95, 18, "tx2"),
            Slot("gd:cover_note", "body", 13, 0.9, 6.1, 11.2, 0.8, 12, "tx2", anchor="b"),
            MARK,
        ),
    ),
    ("chart", (*FRAME, Slot("gd:chart", "obj", 13, LEFT, BODY_TOP, WIDE, BODY_HEIGHT))),
    (
        "pair",
        (
            *FRAME,
            Slot("gd:caption", "body", 13, LEFT, BODY_TOP, HALF, CAPTION, 12, bold=True),
            Slot("gd:chart", "obj", 14, LEFT, BODY_TOP + CAPTION, HALF, BODY_HEIGHT - CAPTION),
            Slot("gd:caption2", "body", 15, LEFT + HALF + GAP, BODY_TOP, HALF, CAPTION, 12, bold=True),
            Slot("gd:chart2", "obj", 16, LEFT + HALF + GAP, BODY_TOP + CAPTION, HALF, BODY_HEIGHT - CAPTION),
        ),
    ),
    (
        "map",
        (
            *FRAME,
            Slot("gd:map", "obj", 13, LEFT, BODY_TOP, WIDE - SIDE - GAP, BODY_HEIGHT),
            Slot("gd:side_caption", "body", 14, RIGHT - SIDE, BODY_TOP, SIDE, CAPTION, 12, bold=True),
            Slot("gd:side", "obj", 15, RIGHT - SIDE, BODY_TOP + CAPTION, SIDE, BODY_HEIGHT - CAPTION),
        ),
    ),
    ("table", (*FRAME, Slot("gd:table", "obj", 13, LEFT, BODY_TOP, WIDE, BODY_HEIGHT))),
    ("text", (*FRAME, Slot("gd:text", "body", 13, LEFT, BODY_TOP, WIDE, BODY_HEIGHT, 16))),
)  # fmt: skip


@cache
def house_template(latin: str, east_asian: str, lang: str = "zh") -> bytes:
    """The designed template as a .pptx file.

    Args:
        latin, east_asian: font families of the theme. lang: of the layouts' names and prompts.
    """
    words = Words(lang)
    deck = Presentation()
    deck.slide_width, deck.slide_height = Emu(WIDTH), Emu(HEIGHT)
    # A picture and a printer's settings that came with the library.
    for relations, kind in ((deck.part.package._rels, RT.THUMBNAIL), (deck.part.rels, RT.PRINTER_SETTINGS)):
        for number in [number for number, relation in relations.items() if relation.reltype == kind]:
            relations.pop(number)
    master = deck.slide_master
    for layout in list(deck.slide_layouts)[len(LAYOUTS) :]:
        deck.slide_layouts.remove(layout)
    for layout, (kind, slots) in zip(deck.slide_layouts, LAYOUTS, strict=True):
        _replace(layout._element, parse_xml(_layout_xml(kind, slots, words)))
    _replace(master._element, parse_xml(_master_xml(words)), keep=("sldLayoutIdLst",))
    theme = master.part.part_related_by(RT.THEME)
    theme._blob = _theme_xml(theme.blob, latin, east_asian)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _replace(old: etree._Element, new: etree._Element, keep: tuple[str, ...] = ()) -> None:
    """Put the attributes and children of `new` into `old`; children of `old` named in `keep` stay in their place."""
    kept = {etree.QName(child).localname: child for child in old if etree.QName(child).localname in keep}
    for child in list(old):
        old.remove(child)
    for name in list(old.attrib):
        del old.attrib[name]
    old.attrib.update(dict(new.attrib))
    for child in list(new):
        old.append(kept.get(etree.QName(child).localname, child))


def _emu(inches: float) -> int:
    return round(inches * INCH)


def _placeholder(slot: Slot, number: int, words: Words, *, in_master: bool = False) -> str:
    kind = "" if slot.kind == "obj" else f' type="{slot.kind}"'
    index = "" if slot.index == 0 or in_master else f' idx="{slot.index}"'
    weight = ' b="1"' if slot.bold else ' b="0"'
    level = (
        f'<a:lvl1pPr marL="0" indent="0" algn="{slot.align}"><a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/>'
        f'<a:defRPr sz="{round(slot.size * 100)}"{weight}><a:solidFill><a:schemeClr val="{slot.colour}"/></a:solidFill>'
        f"</a:defRPr></a:lvl1pPr>"
    )
    prompt = escape(words(f"briefing.slot.{slot.name.removeprefix('gd:')}"))
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{slot.name}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f'<p:nvPr><p:ph{kind}{index}/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x="{_emu(slot.left)}" '
        f'y="{_emu(slot.top)}"/><a:ext cx="{_emu(slot.width)}" cy="{_emu(slot.height)}"/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr lIns="0" tIns="0" rIns="0" '
        f'bIns="0" anchor="{slot.anchor}"><a:normAutofit/></a:bodyPr><a:lstStyle>{level}</a:lstStyle><a:p><a:r>'
        f"<a:t>{prompt}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def _number(identifier: int) -> str:
    """The slide number, bottom right."""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{identifier}" name="gd:number"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f'<p:nvPr><p:ph type="sldNum" sz="quarter" idx="4"/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off '
        f'x="{_emu(12.03)}" y="{_emu(6.9)}"/><a:ext cx="{_emu(0.8)}" cy="{_emu(0.38)}"/></a:xfrm><a:prstGeom '
        f'prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" '
        f'anchor="ctr"/><a:lstStyle><a:lvl1pPr algn="r"><a:defRPr sz="1000"><a:solidFill><a:schemeClr val="tx2"/>'
        f'</a:solidFill></a:defRPr></a:lvl1pPr></a:lstStyle><a:p><a:fld id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" '
        f'type="slidenum"><a:rPr lang="zh-CN"/><a:t>‹#›</a:t></a:fld><a:endParaRPr lang="zh-CN"/></a:p></p:txBody></p:sp>'
    )


def _rule(identifier: int, left: float, top: float, width: float, height: float, colour: str) -> str:
    """A bar without a frame."""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{identifier}" name="rule {identifier}"/><p:cNvSpPr/><p:nvPr userDrawn="1"/>'
        f'</p:nvSpPr><p:spPr><a:xfrm><a:off x="{_emu(left)}" y="{_emu(top)}"/><a:ext cx="{_emu(width)}" '
        f'cy="{_emu(height)}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr '
        f'val="{colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
    )


def _tree(shapes: str, *, background: str = "") -> str:
    return (
        f"<p:cSld{{name}}>{background}<p:spTree><p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/>"
        f"</p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"0\" cy=\"0\"/><a:chOff x=\"0\" y=\"0\"/>"
        f"<a:chExt cx=\"0\" cy=\"0\"/></a:xfrm></p:grpSpPr>{shapes}</p:spTree></p:cSld>"
    )  # fmt: skip


def _layout_xml(kind: str, slots: tuple[Slot, ...], words: Words) -> str:
    name = escape(words(f"briefing.layout.{kind}"), {'"': "&quot;"})
    is_cover = kind == "cover"
    drawn = [_placeholder(slot, number, words) for number, slot in enumerate(slots, start=2)]
    if is_cover:
        drawn.insert(0, _rule(40, 0.9, 1.75, 0.9, 0.07, "accent1"))
        drawn.insert(1, _rule(41, 0.9, 5.9, 11.2, 0.01, "bg2"))
    else:
        drawn += [_rule(40, LEFT, 6.85, WIDE, 0.01, "bg2"), _number(42)]
    tree = _tree("".join(drawn)).replace("{name}", f' name="{name}"')
    kind_of = ' type="title"' if is_cover else ""
    return (
        f'<p:sldLayout {NAMESPACES}{kind_of} preserve="1" userDrawn="1">{tree}<p:clrMapOvr><a:masterClrMapping/>'
        f"</p:clrMapOvr></p:sldLayout>"
    )


def _master_xml(words: Words) -> str:
    body = Slot("gd:text", "body", 1, LEFT, BODY_TOP, WIDE, BODY_HEIGHT, 14)
    shapes = (
        _placeholder(TITLE, 2, words, in_master=True)
        + _placeholder(body, 3, words).replace(f'idx="{body.index}"', 'idx="1"')
        + _number(4)
        + _rule(40, 0, 0, WIDTH / INCH, 0.09, "accent1")
    )
    background = '<p:bg><p:bgPr><a:solidFill><a:schemeClr val="bg1"/></a:solidFill><a:effectLst/></p:bgPr></p:bg>'
    tree = _tree(shapes, background=background).replace("{name}", "")
    fonts = '<a:latin typeface="+m{0}-lt"/><a:ea typeface="+m{0}-ea"/><a:cs typeface="+m{0}-cs"/>'
    ink = '<a:solidFill><a:schemeClr val="tx1"/></a:solidFill>'
    levels = "".join(
        f'<a:lvl{level}pPr marL="{171450 * (level - 1)}" indent="0" algn="l"><a:lnSpc><a:spcPct val="105000"/></a:lnSpc>'
        f'<a:spcBef><a:spcPts val="600"/></a:spcBef><a:buNone/><a:defRPr sz="1400" kern="1200">{ink}{fonts.format("n")}'
        f"</a:defRPr></a:lvl{level}pPr>"
        for level in range(1, 6)
    )
    other = "".join(
        f'<a:lvl{level}pPr marL="0" algn="l"><a:defRPr sz="1200" kern="1200">{ink}{fonts.format("n")}</a:defRPr>'
        f"</a:lvl{level}pPr>"
        for level in range(1, 6)
    )
    return (
        f'<p:sldMaster {NAMESPACES}>{tree}<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" '
        f'accent2="accent2" accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" '
        f'folHlink="folHlink"/><p:sldLayoutIdLst/><p:txStyles><p:titleStyle><a:lvl1pPr algn="l"><a:lnSpc><a:spcPct '
        f'val="95000"/></a:lnSpc><a:spcBef><a:spcPct val="0"/></a:spcBef><a:buNone/><a:defRPr sz="2400" b="1" '
        f'kern="1200">{ink}{fonts.format("j")}</a:defRPr></a:lvl1pPr></p:titleStyle><p:bodyStyle>{levels}</p:bodyStyle>'
        f"<p:otherStyle>{other}</p:otherStyle></p:txStyles></p:sldMaster>"
    )


def _theme_xml(base: bytes, latin: str, east_asian: str) -> bytes:
    """The library's theme with our colours and fonts; its effects and line styles stay."""
    root = etree.fromstring(base)
    space = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
    colours = {
        "dk1": LIGHT.ink, "lt1": LIGHT.card, "dk2": LIGHT.muted, "lt2": LIGHT.line, "accent1": LIGHT.accent,
        **{f"accent{place}": colour for place, colour in enumerate(LIGHT.series[:5], start=2)},
        "hlink": LIGHT.series[0], "folHlink": LIGHT.series[3],
    }  # fmt: skip
    for name, colour in colours.items():
        holder = root.find(f".//a:clrScheme/a:{name}", space)
        for child in list(holder):
            holder.remove(child)
        etree.SubElement(holder, f"{{{space['a']}}}srgbClr", val=colour.removeprefix("#"))
    for kind in ("majorFont", "minorFont"):
        fonts = root.find(f".//a:fontScheme/a:{kind}", space)
        fonts.find("a:latin", space).set("typeface", latin)
        fonts.find("a:ea", space).set("typeface", east_asian)
        for special in fonts.findall("a:font", space):
            if special.get("script") in ("Hans", "Hant"):
                special.set("typeface", east_asian)
    root.set("name", "gd")
    root.find(".//a:clrScheme", space).set("name", "gd")
    root.find(".//a:fontScheme", space).set("name", "gd")
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return content
