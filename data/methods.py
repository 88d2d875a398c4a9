"""The methods behind what the pages claim, collected from the code itself: docstrings, constants, scheme files.

`python -m data.methods` writes `docs/methods.md`; a test holds the file to what this module writes. The page `methods`
shows the same collection.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

from data import diagnosis, interviews, peers, ranking, satisfaction
from data.ranking import COMPOUND_VALUES, SCHEMES
from data.statistics import (
    aggregate,
    bands,
    composite,
    contributions,
    funnel,
    gates,
    intervals,
    normalise,
    ranks,
    sampling,
    shrinkage,
    treatment,
)
from data.statistics.scheme import Node, Scheme, WeightRule
from data.statistics.scheme_file import read_scheme

PATH = Path(__file__).resolve().parent.parent / "docs" / "methods.md"

SECTION = re.compile(r"(Args|Returns|Raises|Attributes):")
SOURCE = "Source:"


@dataclass(frozen=True)
class Method:
    """A function whose result is shown: what its docstring says.

    Attributes:
        name: of the function; also what the page's own words are keyed by.
        place: `data/statistics/intervals.py`.
        statement: the plain fact. details: formula and conditions, one paragraph each. source: where it is from.
    """

    name: str
    place: str
    statement: str
    details: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Constant:
    """A threshold, window or level with the value the code holds.

    Attributes:
        unit: `share` (0–1), `level` (a confidence or quantile), `months`, or empty for a plain number.
    """

    name: str
    place: str
    values: tuple[float, ...]
    unit: str
    meaning: str

    @property
    def shown(self) -> str:
        """The value as written: shares and levels in per cent."""
        if self.unit in ("share", "level"):
            return " / ".join(f"{100 * value:g} %" for value in self.values)
        return " / ".join(f"{value:.10g}" for value in self.values)


@dataclass(frozen=True)
class Question:
    """What a reader wants to know, and how it is answered. `key` names it in addresses and in the text table."""

    key: str
    title: str
    methods: tuple[Method, ...]
    constants: tuple[Constant, ...] = field(default=())


@dataclass(frozen=True)
class SchemeRow:
    """One line of a scheme: a dimension with its points, or an indicator of it."""

    dimension: str
    is_dimension: bool
    points: float
    key: str
    title: str
    role: str
    origin: str
    source: str
    note: str


def paragraphs(docstring: str) -> list[str]:
    """Paragraphs of a docstring, each on one line; indented continuations belong to what they follow."""
    parts = [part for part in re.split(r"\n\s*\n", inspect.cleandoc(docstring)) if part.strip()]
    joined: list[str] = []
    for part in parts:
        if part.startswith("    ") and joined:
            joined[-1] += " " + part
        else:
            joined.append(part)
    return [re.sub(r"\s+", " ", part).strip() for part in joined]


def method_of(function: Callable[..., Any]) -> Method:
    """What the docstring of `function` says. Raises ValueError when it has no statement or no source."""
    told = paragraphs(function.__doc__ or "")
    sources = [part.removeprefix(SOURCE).strip() for part in told if part.startswith(SOURCE)]
    if not told or len(sources) != 1:
        raise ValueError(f"{function.__qualname__} must say in its docstring what it does and where it is from")
    source = sources[0] if sources[0].endswith(".") else f"{sources[0]}."
    details = [part for part in told[1:] if not SECTION.match(part) and not part.startswith(SOURCE)]
    return Method(function.__name__, _place(function.__module__), told[0], tuple(details), source)


def constant_of(module: Any, name: str, unit: str = "") -> Constant:
    """The constant `name` of `module` with the docstring under it. Raises ValueError when there is none."""
    meaning = _meanings(module.__name__).get(name)
    if meaning is None:
        raise ValueError(f"{module.__name__}.{name} must have a docstring under it")
    value = getattr(module, name)
    values = tuple(float(part) for part in value) if isinstance(value, tuple) else (float(value),)
    return Constant(name, _place(module.__name__), values, unit, meaning)


@cache
def _meanings(module: str) -> dict[str, str]:
    """Docstrings of a module's constants: the string that stands alone after an assignment."""
    body = ast.parse(inspect.getsource(import_module(module))).body
    found: dict[str, str] = {}
    for assigned, told in pairwise(body):
        if (
            isinstance(assigned, ast.Assign)
            and isinstance(assigned.targets[0], ast.Name)
            and isinstance(told, ast.Expr)
            and isinstance(told.value, ast.Constant)
            and isinstance(told.value.value, str)
        ):
            found[assigned.targets[0].id] = re.sub(r"\s+", " ", told.value.value).strip()
    return found


def _place(module: str) -> str:
    return module.replace(".", "/") + ".py"


def _question(
    key: str, title: str, functions: Iterable[Callable[..., Any]], constants: Iterable[tuple[Any, str, str]] = ()
) -> Question:
    return Question(
        key, title, tuple(method_of(function) for function in functions),
        tuple(constant_of(module, name, unit) for module, name, unit in constants),
    )  # fmt: skip


@cache
def questions() -> tuple[Question, ...]:
    """All methods by the question they answer, in the order of the pages."""
    return (
        _question(
            "rate", "How sure is a rate?", (intervals.wilson,),
            [(intervals, "CONFIDENCE", "level")],
        ),
        _question(
            "small_samples", "What do few answers say?",
            (satisfaction.compound_estimates, shrinkage.shrink_hierarchical),
            [(satisfaction, "WAVE_STANDS_MONTHS", "months"), (satisfaction, "LOW_RESPONSE", "share"),
             (shrinkage, "TYPICAL_STRENGTH", ""), (shrinkage, "LOG_STRENGTH_SPREAD", "")],
        ),
        _question(
            "threshold", "Is a compound below 60 %?", (bands.satisfaction_bands,),
            [(bands, "SATISFACTION_THRESHOLD", "share"), (bands, "RED_PROBABILITY", "share"),
             (bands, "REVIEW_PROBABILITY", "share")],
        ),
        _question(
            "change", "Has it changed?",
            (satisfaction.change_since_last_wave, intervals.difference, satisfaction.is_comparable,
             satisfaction.method_breaks),
        ),
        _question(
            "unusual", "Which compounds are unusual?", (satisfaction.satisfaction_funnel, funnel.funnel_of_proportions),
            [(funnel, "LIMITS", "level"), (funnel, "TRIM", "share")],
        ),
        _question(
            "interviews", "Who is called to an interview, and does a reward stand?",
            (interviews.interviews, interviews.interviews_missing, interviews.rewards),
            [(interviews, "LISTED_MONTHS", "months"), (interviews, "FIRM", "share"),
             (interviews, "DOUBTFUL", "share")],
        ),
        _question(
            "index", "How is the index made?",
            (ranking.compound_value, composite.run_composite, treatment.impute, treatment.treat,
             normalise.fit_scaling, aggregate.aggregate, composite.role_scores, normalise.min_ranks),
            [(ranking, "WINDOW_MONTHS", "months")],
        ),
        _question("gates", "Who may be ranked at all?", (gates.apply_gates,)),
        _question(
            "ranks", "How firm is a rank?", (ranks.simulate_ranks, sampling.rate_sampling, bands.tiers),
            [(bands, "TOP_SHARE", "share"), (bands, "FIRST_TIER_PROBABILITY", "share"),
             (bands, "SECOND_TIER_PROBABILITY", "share"), (ranks, "WEIGHT_NOISE", "share"),
             (ranks, "RANK_RANGE", "level"), (ranks, "SIMULATIONS", ""), (ranking, "RANDOM_SEED", "")],
        ),
        _question(
            "why", "Why does a compound stand where it stands?",
            (contributions.contributions, contributions.moves_most, contributions.remove_each),
        ),
        _question(
            "diagnosis", "What ails a compound?", (diagnosis.diagnose, peers.peers_of),
            [(peers, "SIZE_FACTORS", ""), (peers, "ENOUGH", "")],
        ),
    )  # fmt: skip


def index_values() -> dict[str, str]:
    """What the values made for the index are, by indicator key: the plain fact of each reader's docstring."""
    return {key: paragraphs(read.__doc__ or "")[0] for key, read in sorted(COMPOUND_VALUES.items())}


def schemes() -> list[Scheme]:
    """Every built-in scheme, in file order."""
    return [read_scheme(path) for path in sorted(SCHEMES.glob("*.yaml"))]


def scheme_rows(scheme: Scheme) -> list[SchemeRow]:
    """The lines of a scheme in file order, each dimension before its indicators; none when a meta table holds them."""
    if not scheme.nodes:
        return []
    rows: list[SchemeRow] = []

    def line(node: Node, dimension: Node) -> SchemeRow:
        return SchemeRow(
            dimension.title, node is dimension, node.weight, node.key, node.title, node.role or "", node.origin or "",
            node.source, node.note,
        )  # fmt: skip

    for dimension in scheme.members(scheme.root.key):
        rows.append(line(dimension, dimension))
        rows += [line(node, dimension) for node in scheme.members(dimension.key)]
    return rows


# -- as a document ----------------------------------------------------------------------------------------------------

INTRODUCTION = """# Methods

Written by `python -m data.methods` from the docstrings and constants of the code and the files in `docs/schemes`; edit
those, then run it again. The page `/methods` shows the same in plain words.

The statistics are held to external examples (`tests/data/statistics`) and to the truths planted in the demo city before
any estimator was written (`tests/data/test_planted_truths.py`): over twenty waves 95 % intervals of compounds and of
streets cover the planted share of those who answer in 93–97 % of cases, shrinking lowers the error of every wave, and at
most 10 % of the compounds in the red band are not below 60 %. What surveys cannot see, the tests do not claim: the
dissatisfied answer less often, so the residents' true share lies a little lower than that of those who answer.
"""


def document() -> str:
    """The whole document as Markdown."""
    parts = [INTRODUCTION]
    for question in questions():
        parts.append(f"## {question.title}\n")
        parts += [_method(method) for method in question.methods]
        if question.constants:
            parts.append(_rows(("constant", "value", "meaning", "in"), map(_constant, question.constants)))
        if question.key == "index":
            parts.append("Values made for the index, where a rate of the catalogue alone would not do:\n")
            parts.append(_rows(("key", "what it is"), ((f"`{key}`", told) for key, told in index_values().items())))
    parts.append("## Schemes\n")
    parts += [_scheme(scheme) for scheme in schemes()]
    return "\n".join(parts).rstrip() + "\n"


def _method(method: Method) -> str:
    told = [f"### `{method.name}`", method.statement, *method.details]
    return "\n\n".join([*told, f"Source: {method.source} Code: `{method.place}`."]) + "\n"


def _constant(constant: Constant) -> tuple[str, ...]:
    unit = " months" if constant.unit == "months" else ""
    return f"`{constant.name}`", constant.shown + unit, constant.meaning, f"`{constant.place}`"


def _scheme(scheme: Scheme) -> str:
    facts = [
        ("source", scheme.source), ("note", scheme.note), ("mean", scheme.aggregation.mean.value),
        ("scale", scheme.normalisation.method.value),
        ("availability cut", "none" if scheme.availability is None else f"{scheme.availability:.0%}"),
        ("imputation", scheme.imputation.method.value), ("gates", ", ".join(f"`{gate}`" for gate in scheme.gates)),
    ]  # fmt: skip
    parts = [f"### `{scheme.name}` {scheme.version} {scheme.title}\n"]
    parts.append("\n".join(f"- **{name}**: {told}" for name, told in facts if told) + "\n")
    lines = scheme_rows(scheme)
    if not lines:
        parts.append("Its hierarchy, directions, weights and denominators come from the meta table it is run with.\n")
        return "\n".join(parts)
    points = "points" if scheme.weight_rule is WeightRule.POINTS else "weight"
    head = ("dimension", points, "indicator", "key", "role", "origin", "source", "note")
    rows = [
        (f"**{row.dimension}**", f"**{row.points:g}**", "", "", "", row.origin, row.source, row.note)
        if row.is_dimension
        else (row.dimension, f"{row.points:g}", row.title, f"`{row.key}`", row.role, row.origin, row.source, row.note)
        for row in lines
    ]
    return "\n".join([*parts, _rows(head, rows)])


def _rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def write(path: Path = PATH) -> Path:
    """Write the document to `path` and return it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(document(), encoding="utf-8")
    return path


if __name__ == "__main__":
    sys.stdout.write(f"{write()}\n")
