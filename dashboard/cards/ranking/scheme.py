"""The scheme itself: every weight, who it comes from, and what it measures."""

from __future__ import annotations

from dashboard.cards.ranking.subject import Subject, ranked_with
from dashboard.cards.types import Drawing, GridSpec
from dashboard.numbers import number
from dashboard.theme import Ink
from data.evidence import nominal_points
from data.statistics.scheme import Origin


@ranked_with
def nodes(subject: Subject, ink: Ink) -> Drawing:
    """One row a node: points, published or proposed, source, note."""
    words, scheme = subject.words, subject.scheme
    points = nominal_points(scheme)
    rows = []
    for node in scheme.nodes:
        if node.parent is None:
            continue
        is_dimension = node.parent == scheme.root.key
        indent = "" if is_dimension else "\u2003"
        rows.append(
            {
                "id": node.key,
                "node": indent + subject.node(node.key),
                "points": points[node.key],
                "role": words(f"ranking.role.{node.role.value}") if node.role else "",
                "origin": words(f"ranking.origin.{(node.origin or Origin.PROPOSAL).value}"),
                "source": node.source,
                "note": node.note,
            }
        )
    published = sum(points[n.key] for n in scheme.nodes if n.origin is Origin.PUBLISHED and n.key in points)
    title = words("ranking.scheme.title", published=number(published), proposed=number(100 - published))
    spec = GridSpec(
        columns=[
            {"field": "node", "headerName": words("ranking.column.indicator"), "width": 200, "minWidth": 170},
            {
                "field": "points",
                "headerName": words("ranking.column.weight"),
                "number": True,
                "decimals": 1,
                "width": 80,
            },
            {"field": "origin", "headerName": words("ranking.column.origin"), "width": 110},
            {"field": "role", "headerName": words("ranking.column.role"), "width": 80},
            {
                "field": "source",
                "headerName": words("ranking.column.source"),
                "minWidth": 220,
                "flex": 1,
                "tooltipField": "source",
            },
            {
                "field": "note",
                "headerName": words("ranking.column.note"),
                "minWidth": 160,
                "flex": 1,
                "tooltipField": "note",
            },
        ],
        rows=rows,
        row_id="id",
    )
    return Drawing(
        title=title,
        subtitle=subject.scheme_line,
        grid=spec,
        as_of=subject.reading.when(),
        source=scheme.source if words.lang == "zh" else words("ranking.scheme.source"),
        note=scheme.note if words.lang == "zh" else words("ranking.scheme.note"),
        alt=title,
    )
