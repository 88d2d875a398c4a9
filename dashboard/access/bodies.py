"""What a browser may send to the callbacks: anything else is refused before Dash looks at it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Request

UPDATE = "/_dash-update-component"


def output_of(request: Request, callbacks: Mapping[str, Any]) -> str | None:
    """The output a well-formed callback request asks for; None for a body no page of ours sends.

    Args:
        callbacks: the application's, by output.
    """
    body = request.get_json(force=True, silent=True, cache=True)
    if not isinstance(body, dict):
        return None
    output = body.get("output")
    if not isinstance(output, str) or output not in callbacks:
        return None
    declared = callbacks[output]
    # A callback that runs in the browser has nothing here to answer.
    is_fine = (
        "callback" in declared
        and _values(body.get("inputs"), declared["inputs"])
        and _values(body.get("state", []), declared["state"])
        and _names(body.get("changedPropIds", []))
        and _outputs(body.get("outputs"))
        and _as_many_as(output, body.get("outputs"))
    )
    return output if is_fine else None


def _values(sent: Any, declared: list[Any]) -> bool:
    """A value, or for a pattern a list of values, for each declared one in its order."""
    if not isinstance(sent, list) or len(sent) != len(declared):
        return False
    return all(_fits(value, wanted) for value, wanted in zip(sent, declared, strict=True))


def _fits(value: Any, wanted: Mapping[str, Any]) -> bool:
    is_pattern = str(wanted["id"]).startswith("{") and any(
        mark in str(wanted["id"]) for mark in ('["ALL"]', '["ALLSMALLER"]')
    )
    if is_pattern:
        return isinstance(value, list) and all(_is_value(part, wanted) for part in value)
    return _is_value(value, wanted)


def _is_value(value: Any, wanted: Mapping[str, Any]) -> bool:
    """`{"id", "property", "value"}` of the declared component; of a pattern, with its keys."""
    if not isinstance(value, dict) or value.get("property") != wanted["property"]:
        return False
    id_, declared = value.get("id"), str(wanted["id"])
    if not declared.startswith("{"):
        return bool(id_ == declared)
    return isinstance(id_, dict) and set(id_) == set(json.loads(declared)) and all(map(_is_plain, id_.values()))


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)


def _names(sent: Any) -> bool:
    return isinstance(sent, list) and all(isinstance(name, str) and "." in name for name in sent)


def _outputs(sent: Any) -> bool:
    """What the answer is to be written to: `{"id", "property"}`, or lists of them."""
    if isinstance(sent, list):
        return all(_outputs(part) for part in sent)
    return (
        isinstance(sent, dict)
        and isinstance(sent.get("property"), str)
        and (
            isinstance(sent.get("id"), str)
            or (isinstance(sent.get("id"), dict) and all(map(_is_plain, sent["id"].values())))
        )
    )


def _as_many_as(output: str, sent: Any) -> bool:
    """Whether there is one place for each output the callback writes: a list of them for several or for a pattern."""
    if output.startswith(".."):
        return isinstance(sent, list) and len(sent) == len(output.strip(".").split("..."))
    return isinstance(sent, dict) or '["ALL"]' in output


def first_component(output: str) -> str:
    """Id of the first component an output names: `data-job`, or of a pattern its `name`; empty where it names none."""
    first = output.removeprefix("..").split("...")[0]
    if first.startswith("{"):
        end = first.find("}")
        try:
            found = json.loads(first[: end + 1])
        except ValueError:
            return ""
        return str(found.get("name", "")) if isinstance(found, dict) else ""
    return first.rpartition(".")[0]
