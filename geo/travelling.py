"""A layer as JSON, between the process that parsed it and the one that asked; and the refusals that may come instead.

JSON and not pickle: a file that got the better of the parser must not get the better of whoever reads its answer.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.errors import UnreadableFileError, UsageError
from data.importing.apart import too_much
from data.importing.ports import Layer
from geo.shapes import frame_to_wkb, read_layer

REFUSALS = {"file": UnreadableFileError, "usage": UsageError}


def document_of(name: str, content: bytes, crs: str | None) -> dict[str, Any]:
    """The layer of polygons, or else of points, in a file.

    Raises:
        UnreadableFileError, UsageError: see `geo.shapes.read_layer`.
    """
    try:
        layer, is_areas = read_layer(content, kind="polygon", crs=crs, name=name), True
    except UnreadableFileError as refusal:
        if refusal.code != "geometry_kind":
            raise
        layer, is_areas = read_layer(content, kind="point", crs=crs, name=name), False
    frame = layer.frame
    return {
        "index": [int(number) for number in frame.index],
        "attributes": {str(c): _text(frame[c]) for c in frame.columns if c != frame.geometry.name},
        "geometry": [bytes(shape).hex() for shape in frame_to_wkb(frame)["geometry"]],
        "is_areas": is_areas,
        "points": [] if is_areas else [[float(x), float(y)] for x, y in zip(frame.geometry.x, frame.geometry.y, strict=True)],
        "refused": [[p.row, p.code, str(p)] for p in layer.refused],
    }  # fmt: skip


def refusal_document(kind: str, error: UnreadableFileError | UsageError) -> dict[str, Any]:
    """A refusal as JSON."""
    return {
        "error": kind, "what": error.what, "where": error.where, "why": error.why, "todo": error.todo, "code": error.code
    }  # fmt: skip


def layer_of(document: dict[str, Any], name: str) -> Layer:
    """The layer a document holds.

    Raises:
        UnreadableFileError, UsageError: the refusal it holds.
    """
    if "error" in document:
        kind = REFUSALS.get(document["error"])
        if kind is None:
            raise too_much(name)
        raise kind(
            document["what"], where=document["where"], why=document["why"], todo=document["todo"], code=document["code"]
        )
    index = pd.Index(document["index"], dtype="int64")
    nowhere: NDArray[np.float64] = np.full(len(index), np.nan)
    points = np.asarray(document["points"], dtype=np.float64).reshape(-1, 2)
    return Layer(
        name=name.rsplit("/", 1)[-1].rsplit(".", 1)[0],
        attributes=pd.DataFrame(
            {c: pd.Series(values, index=index, dtype="str") for c, values in document["attributes"].items()},
            index=index,
        ),
        geometry=[bytes.fromhex(shape) for shape in document["geometry"]],
        is_areas=bool(document["is_areas"]),
        lon=nowhere if document["is_areas"] else points[:, 0],
        lat=nowhere if document["is_areas"] else points[:, 1],
        refused=[(int(row), str(code), str(message)) for row, code, message in document["refused"]],
    )


def _text(values: pd.Series) -> list[str | None]:
    """Attribute values as cell text: whole numbers without a decimal point, missing stays missing."""

    def text(value: object) -> str | None:
        if value is None or (isinstance(value, float) and np.isnan(value)) or value is pd.NaT or value is pd.NA:
            return None
        if isinstance(value, bool | np.bool_):
            return "是" if value else "否"
        if isinstance(value, float | np.floating) and float(value).is_integer() and abs(float(value)) < 1e15:
            return str(int(value))
        return str(value)

    return [text(value) for value in values]
