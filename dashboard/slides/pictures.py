"""A picture of a figure without a native form: SVG, with a PNG for programs that do not know SVG."""

from __future__ import annotations

import io
from typing import Any

from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI

from dashboard.slides.shapes import NAMESPACES, Ids, properties, put, transform
from dashboard.slides.types import EMU_PER_PT, Box, Renderer

_SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
# Pixels of the page to a point of the slide.
_PX = 0.9


def place_picture(slide: Any, figure: dict[str, Any], box: Box, render: Renderer, *, name: str, alt: str) -> None:
    """Draw the figure as large as the box and put the picture there. Raises whatever `render` raises."""
    svg, png = render(figure, round(box.width / EMU_PER_PT / _PX), round(box.height / EMU_PER_PT / _PX))
    package = slide.part.package
    _, fallback = slide.part.get_or_add_image_part(io.BytesIO(png))
    taken = {str(part.partname) for part in package.iter_parts()}
    number = next(i for i in range(1, len(taken) + 2) if f"/ppt/media/drawing{i}.svg" not in taken)
    part = Part(PackURI(f"/ppt/media/drawing{number}.svg"), "image/svg+xml", package, svg)
    relation = slide.part.relate_to(part, RT.IMAGE)
    put(
        slide,
        f"<p:pic {NAMESPACES}><p:nvPicPr>{properties(Ids(slide), name, alt)}<p:cNvPicPr>"
        '<a:picLocks noChangeAspect="1"/></p:cNvPicPr><p:nvPr/></p:nvPicPr><p:blipFill>'
        f'<a:blip r:embed="{fallback}"><a:extLst><a:ext uri="{_EXTENSION}">'
        f'<asvg:svgBlip xmlns:asvg="{_SVG}" r:embed="{relation}"/></a:ext></a:extLst></a:blip>'
        f"<a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr>{transform(box)}"
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>',
    )
