"""A sparkline as an image element: no chart library, one gap for each month without a report."""

from __future__ import annotations

from dash import html

WIDTH, HEIGHT, INSET = 96, 28, 3


def spark_runs(values: tuple[float | None, ...]) -> list[list[tuple[float, float]]]:
    """Points in the sparkline's box (96 × 28), broken into runs where a value is missing."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return []
    low, high = min(known), max(known)
    span = high - low
    step = (WIDTH - 2 * INSET) / (len(values) - 1)
    runs: list[list[tuple[float, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        share = (value - low) / span if span else 0.5
        runs[-1].append((round(INSET + place * step, 1), round(HEIGHT - INSET - share * (HEIGHT - 2 * INSET), 1)))
    return [run for run in runs if run]


def spark(values: tuple[float | None, ...]) -> html.Div | None:
    """The course of `values` as polylines drawn in CSS (`clip-path`), or None with fewer than two of them.

    Dash has no SVG elements and the page allows no raw HTML; a mask image coloured by the theme needs neither.
    """
    runs = spark_runs(values)
    if not runs:
        return None
    paths = "".join("M" + "L".join(f"{x} {y}" for x, y in run) + ("l.1 0" if len(run) == 1 else "") for run in runs)
    picture = (
        f"%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}'%3E"
        f"%3Cpath d='{paths}' fill='none' stroke='black' stroke-width='1.6' stroke-linejoin='round' "
        "stroke-linecap='round'/%3E%3C/svg%3E"
    )
    return html.Div(
        className="gd-spark", style={"--gd-spark": f'url("data:image/svg+xml,{picture}")'}, **{"aria-hidden": "true"}
    )
