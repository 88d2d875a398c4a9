"""The registers and events as validated DataFrames, from the store or from a file.

Every frame holds the current rows of one table: strings `str`, integers `Int64`, flags `boolean`, dates
`datetime64[us]`, coordinates and rates `float64` in the units the schema names; geometry as WKB bytes in EPSG:4490.
The rules are those of the schema: types, required columns, choices, limits, forms, unique natural keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from sqlalchemy import ColumnElement, Engine, LargeBinary, String, Table

from data.errors import GovernanceError, StoreError
from data.frames import dtype_of, missing_values, read_current
from data.importing.from_frames import refuse_any
from data.importing.grid import Grid
from data.importing.native import form_named, read_native
from data.importing.reading import read_grids
from data.retrying import reading
from data.schema import TABLES
from data.schema.columns import own_columns


@cache
def schema_of(name: str) -> pa.DataFrameSchema:
    """The pandera schema of the table `name`, generated from its columns."""
    table = TABLES[name]
    columns = {}
    for column in own_columns(table):
        info = column.info
        checks = []
        if info["choices"] is not None:
            checks.append(pa.Check.isin([str(member) for member in info["choices"]]))
        if info["pattern"]:
            checks.append(pa.Check.str_matches(info["pattern"]))
        if info["low"] is not None:
            checks.append(pa.Check.ge(info["low"]))
        if info["high"] is not None:
            checks.append(pa.Check.le(info["high"]))
        if isinstance(column.type, String) and column.type.length:
            checks.append(pa.Check.str_length(max_value=column.type.length))
        dtype = None if isinstance(column.type, LargeBinary) else dtype_of(column)
        columns[column.name] = pa.Column(dtype, checks, nullable=not info["required"])
    return pa.DataFrameSchema(columns, unique=list(table.info["key"]), strict=True, ordered=True)


def validated(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """`frame`, if it is what the schema of the table `name` says.

    Raises:
        StoreError: code `invalid_rows`; the message names the column and the rule.
    """
    try:
        return schema_of(name).validate(frame, lazy=False)
    except pa.errors.SchemaError as error:
        column = getattr(error.schema, "name", None) or name
        raise StoreError(
            f"库中“{TABLES[name].info['zh']}”的数据不符合规定", where=f"{name}.{column}", why=str(error).splitlines()[0],
            todo="运行 python -m data check 查看，撤销有问题的批次", code="invalid_rows",
        ) from error  # fmt: skip


def load(engine: Engine, name: str, *, where: ColumnElement[bool] | None = None) -> pd.DataFrame:
    """The current rows of the table `name`, validated; `where` narrows them."""
    return validated(name, reading(engine, lambda connection: read_current(connection, TABLES[name], where=where)))


def read_file(path: Path, name: str) -> pd.DataFrame:
    """The rows of the table `name` in a workbook or csv of our own form, validated; nothing touches a store.

    Raises:
        GovernanceError: the file cannot be read, no sheet of it is that table, or a row is wrong.
    """
    table = TABLES[name]
    grids = read_grids(path.name, path.read_bytes())
    sheets = [s for s in (read_native(0, g, _only(grids, g, table, name)) for g in grids) if s is not None]
    found = [(s, t) for s in sheets for t in s.targets if t.table is table]
    if not found:
        raise GovernanceError(
            f"文件里没有“{table.info['zh']}”表", where=path.name, todo="请用模板填写", code="missing_sheet"
        )
    refuse_any([s for s, _ in found])
    whole = pd.concat([t.frame for _, t in found])
    for column in own_columns(table):
        if column.name not in whole:
            whole[column.name] = missing_values(column, whole.index)
    return validated(name, whole[[c.name for c in own_columns(table)]].reset_index(drop=True))


def _only(grids: Sequence[Grid], grid: Grid, table: Table, name: str) -> str | None:
    """A file of one sheet is the table asked for, whatever the sheet is called."""
    if len(grids) > 1:
        return None
    try:
        return None if form_named(grid.name) is table else name
    except GovernanceError:
        return name


def load_areas(engine: Engine) -> pd.DataFrame:
    """Places of the hierarchy: code, name, level, parent_code, is_urban_core."""
    return load(engine, "area")


def load_area_shapes(engine: Engine) -> pd.DataFrame:
    """Polygons of places as WKB in EPSG:4490, with source, whether schematic, review number."""
    return load(engine, "area_shape")


def load_grids(engine: Engine) -> pd.DataFrame:
    """Grids of communities with their leader posts."""
    return load(engine, "grid")


def load_compounds(engine: Engine) -> pd.DataFrame:
    """Residential compounds: place, fee in 元/㎡·月, households, buildings, kind."""
    return load(engine, "compound")


def load_companies(engine: Engine) -> pd.DataFrame:
    """Property companies: credit grade, area and coordinates of the office."""
    return load(engine, "company")


def load_management(engine: Engine) -> pd.DataFrame:
    """Who manages a compound, in which mode, from when to when."""
    return load(engine, "management")


def load_party_orgs(engine: Engine) -> pd.DataFrame:
    """Party organisations: kind, founding mode, place, parent."""
    return load(engine, "party_org")


def load_party_org_compounds(engine: Engine) -> pd.DataFrame:
    """Which compounds an organisation covers, and how (自有, 联建, 兜底)."""
    return load(engine, "party_org_compound")


def load_committees(engine: Engine) -> pd.DataFrame:
    """业委会 and 物管会: seats, seats held by members, post of the chair."""
    return load(engine, "committee")


def load_sites(engine: Engine) -> pd.DataFrame:
    """Service stations and centres with the six 六有 flags, floor area in ㎡."""
    return load(engine, "site")


def load_awards(engine: Engine) -> pd.DataFrame:
    """Demonstration status of compounds by round."""
    return load(engine, "award")


def load_published_figures(engine: Engine) -> pd.DataFrame:
    """Figures that sources published, with their bounds."""
    return load(engine, "published_figure")


def load_case_events(engine: Engine) -> pd.DataFrame:
    """Appeals, disputes, suggestions and whistles with their times."""
    return load(engine, "case_event")


def load_tasks(engine: Engine) -> pd.DataFrame:
    """Items of lists and campaigns: post that owns them, due, done."""
    return load(engine, "task")


def load_surveys(engine: Engine) -> pd.DataFrame:
    """Survey counts: compound × wave × question."""
    return load(engine, "survey")


def load_assessments(engine: Engine) -> pd.DataFrame:
    """Monthly scores of compounds and the interviews they led to."""
    return load(engine, "assessment")


def load_objections(engine: Engine) -> pd.DataFrame:
    """Objections to scores."""
    return load(engine, "objection")


def load_incidents(engine: Engine) -> pd.DataFrame:
    """Serious incidents that gate an award."""
    return load(engine, "incident")


def load_observations(engine: Engine) -> pd.DataFrame:
    """Monthly counts: unit, month, measure, value."""
    return load(engine, "observation")
