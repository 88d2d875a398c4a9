"""What the filter bar offers for a view, and the way from the city down to where one is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from dashboard.ids import Filter
from dashboard.numbers import month_name
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue.types import Page
from data.query import Selection
from data.schema.vocabulary import AreaLevel, CompoundKind

if TYPE_CHECKING:
    from data.query import Reader

Option = dict[str, str]
AREA_FILTERS = {
    Filter.COUNTY: AreaLevel.COUNTY,
    Filter.STREET: AreaLevel.STREET,
    Filter.COMMUNITY: AreaLevel.COMMUNITY,
}
KEYS = {"company": "company_id", "grid": "grid_code"}
WHOLE_CITY = Selection()
# Their options depend on the store alone, not on the view, so a browser that has them need not get them again.
FIXED = (Filter.COUNTY, Filter.KIND, Filter.COMPANY, Filter.MONTH)


@dataclass(frozen=True)
class FilterState:
    """One control: what can be chosen, what is, and what it says when nothing is."""

    options: list[Option] = field(default_factory=list)
    value: str | None = None
    placeholder: str = ""

    @property
    def is_disabled(self) -> bool:
        """Nothing to choose from."""
        return not self.options


@dataclass(frozen=True)
class Crumb:
    """A step of the way; the last one has no address."""

    label: str
    href: str | None = None


def place_by_level(reader: Reader, area: str | None) -> dict[str, str]:
    """Level → code of `area` and of everything above it, the city left out."""
    if area is None:
        return {}
    codes = [*reader.ancestors(area), area]
    return {level: code for code in codes if (level := reader.level_of(code)) != AreaLevel.CITY}


def filter_states(reader: Reader, view: View, words: Words) -> dict[Filter, FilterState]:
    """State of every control of the bar, in order."""
    chosen = place_by_level(reader, view.area)
    states = {control: _area_state(reader, level, chosen, words) for control, level in AREA_FILTERS.items()}
    states[Filter.GRID] = _grid_state(reader, view, chosen, words)
    everything = words("filter.all")
    states[Filter.KIND] = FilterState(
        [{"label": words(f"kind.{kind.value}"), "value": kind.value} for kind in CompoundKind], view.kind, everything
    )
    states[Filter.COMPANY] = _named(reader, "company", view.company, words)
    months = reader.remember(
        ("options", "month", words.lang),
        lambda: [{"label": month_name(month, words), "value": month} for month in reversed(reader.months)],
    )
    states[Filter.MONTH] = FilterState(months, view.month or reader.latest_month or None, words("filter.no_data"))
    return states


def _area_state(reader: Reader, level: AreaLevel, chosen: dict[str, str], words: Words) -> FilterState:
    if level not in reader.levels:
        return FilterState(placeholder=words("filter.none"))
    present = [name for name in reader.levels if name != AreaLevel.CITY]
    above = present[: present.index(level)]
    holder = next((chosen[name] for name in reversed(above) if name in chosen), None)
    if above and above[-1] not in chosen:
        return FilterState(placeholder=words(f"filter.first_{above[-1]}"))

    def read() -> list[Option]:
        areas = reader.areas()
        within = areas[(areas["level"] == level) & ((areas["parent_code"] == holder) if holder else True)]
        return _options(within["code"], within["name"])

    return FilterState(reader.remember(("options", level, holder), read), chosen.get(level), words("filter.all"))


def _grid_state(reader: Reader, view: View, chosen: dict[str, str], words: Words) -> FilterState:
    grids = reader.register("grid")
    if grids.empty:
        return FilterState(placeholder=words("filter.no_data"))
    holder = chosen.get(AreaLevel.COMMUNITY) or chosen.get(AreaLevel.STREET)
    if holder is None and view.grid is None:
        return FilterState(placeholder=words("filter.first_street"))
    if holder is not None:
        return _named(reader, "grid", view.grid, words, Selection(area=holder))
    grids = grids[grids["grid_code"] == view.grid]
    return FilterState(_options(grids["grid_code"], grids["name"]), view.grid, words("filter.all"))


def _named(
    reader: Reader, table: str, value: str | None, words: Words, selection: Selection = WHOLE_CITY
) -> FilterState:
    """A control that offers the rows of a register by name."""

    def read() -> list[Option]:
        rows = reader.register(table, selection).sort_values("name")
        return _options(rows[KEYS[table]], rows["name"])

    options = reader.remember(("options", table, selection), read)
    if not options:
        return FilterState(placeholder=words("filter.no_data"))
    return FilterState(options, value, words("filter.all"))


def _options(codes: Iterable[Any], names: Iterable[Any]) -> list[Option]:
    return [{"label": str(name), "value": str(code)} for code, name in zip(codes, names, strict=True)]


def _held_in(reader: Reader, table: str, key: str, unit: str | None) -> tuple[str | None, str | None]:
    """Area and grid that hold a row of a register; None where it names none."""
    rows = reader.register(table)
    rows = rows[rows[key] == unit]
    if rows.empty:
        return None, None
    row = rows.iloc[0]
    # A grid lies in a community; a compound in whatever area is known of it.
    area, grid = row.get("community_code" if table == "grid" else "area_code"), row.get("grid_code")
    return (area if isinstance(area, str) else None), (grid if isinstance(grid, str) else None)


def crumbs(reader: Reader, view: View, words: Words) -> list[Crumb]:
    """City › county › street › community › grid › compound, as far as the view goes; then what is below, as a word.

    The file of a compound stands under the places that hold it, whatever the filters say.
    """
    steps = [Crumb(reader.city.name, view.at(None).href())]
    area, grid = view.area, view.grid
    is_file = bool(view.compound) and view.page == Page.COMPOUND
    if is_file:
        area, grid = _held_in(reader, "compound", "compound_id", view.compound)
    elif grid:
        area = _held_in(reader, "grid", "grid_code", grid)[0] or area
    chosen = place_by_level(reader, area)
    steps += [Crumb(reader.label(code), view.at(code).href()) for code in chosen.values()]
    if grid:
        steps.append(Crumb(reader.label(grid), replace(view.at(area), grid=grid).href()))
    if is_file and view.compound:
        steps.append(Crumb(reader.label(view.compound)))
    else:
        below = [level for level in reader.levels if level != AreaLevel.CITY and level not in chosen]
        if below and not grid:
            steps.append(Crumb(words(f"crumb.all_{below[0]}")))
    steps[-1] = Crumb(steps[-1].label)
    return steps
