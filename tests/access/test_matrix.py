"""Every route and every callback × nobody and each role, from the application itself; rows of other streets never leave."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard.access import RIGHTS, Right, Role
from dashboard.access.bodies import first_component
from dashboard.access.rights import (
    PUBLIC_PATHS,
    UNGUARDED_PATHS,
    home_of,
    right_of_output,
    right_of_path,
)
from data.query import Reader, Selection
from data.satisfaction import compound_estimates
from tests.access.serving import logged_in, new_server
from tests.small_city import STREETS

MINE, OTHER = list(STREETS)[:2]
HTML = {"Accept": "text/html", "X-Governance-Upload": "zh"}
FREE = {*PUBLIC_PATHS, *UNGUARDED_PATHS}
OWN = {"/logout", "/password"}


def routes(server: Any) -> list[tuple[str, str]]:
    """Method and an address of every rule of the application."""
    filled = {"filename": "app.css", "path": "coverage", "token": "t" * 32, "name": "overview.map", "number": "1",
              "fingerprint": "f", "level": "street", "parent": MINE, "package_name": "dash", "fingerprinted_path": "x.js"}  # fmt: skip
    found = []
    for rule in server.url_map.iter_rules():
        values = {name: filled[name] for name in rule.arguments}
        path = server.url_map.bind("localhost").build(rule.endpoint, values)
        found += [(method, path) for method in sorted(rule.methods - {"HEAD", "OPTIONS"})]
    return sorted(set(found))


def body_of(callback: dict[str, Any], value: Any = None) -> dict[str, Any]:
    """The body with which a browser calls a callback, `value` in every input and state."""

    def sent(declared: list[Any]) -> list[Any]:
        out: list[Any] = []
        for one in declared:
            id_ = one["id"]
            if id_.startswith("{"):
                keys = json.loads(id_)
                one_id = {k: "x" if isinstance(v, list) else v for k, v in keys.items()}
                entry = {"id": one_id, "property": one["property"], "value": value}
                out.append([entry] if '["ALL"]' in id_ else entry)
            else:
                out.append({"id": id_, "property": one["property"], "value": value})
        return out

    inputs = sent(callback["inputs"])
    first = inputs[0][0] if isinstance(inputs[0], list) else inputs[0]
    id_ = (
        first["id"] if isinstance(first["id"], str) else json.dumps(first["id"], sort_keys=True, separators=(",", ":"))
    )
    return {
        "output": callback["output"], "outputs": outputs_of(callback["output"]), "inputs": inputs,
        "state": sent(callback["state"]), "changedPropIds": [f"{id_}.{first['property']}"],
    }  # fmt: skip


def outputs_of(output: str) -> Any:
    def one(text: str) -> dict[str, Any]:
        id_, _, prop = text.rpartition(".")
        return {"id": json.loads(id_) if id_.startswith("{") else id_, "property": prop.partition("@")[0]}

    return [one(part) for part in output[2:-2].split("...")] if output.startswith("..") else one(output)


def callbacks(server: Any, client: FlaskClient) -> list[dict[str, Any]]:
    """Callbacks that the server answers (not those that run in the browser alone)."""
    listed = client.get("/_dash-dependencies").get_json()
    return [entry for entry in listed if entry["clientside_function"] is None]


def test_nobody_gets_anything_but_the_login_and_health(server: Any) -> None:
    client = server.test_client()
    for method, path in routes(server):
        answer = client.open(path, method=method, headers=HTML)
        if path in FREE:
            assert answer.status_code in (200, 302, 401, 404), (method, path)
        elif method == "GET":
            assert answer.status_code in (302, 401), (method, path)
            assert answer.status_code == 401 or answer.location.startswith("/login"), path
        else:
            assert answer.status_code == 401, (method, path)


def test_every_role_gets_what_the_table_says_and_nothing_else(server: Any, role: Role) -> None:
    client = logged_in(server, f"{role}-01")
    for method, path in routes(server):
        if path in FREE | OWN | {"/_dash-update-component"}:
            continue
        answer = client.open(path, method=method, headers=HTML)
        right = right_of_path(path)
        if right is None or right in RIGHTS[role]:
            assert answer.status_code not in (401, 403), (method, path)
            assert answer.status_code < 500 or path == "/readyz", (method, path, answer.status_code)
        elif path == "/":
            assert answer.location == home_of(role)
        else:
            assert answer.status_code == 403, (method, path)


def test_every_callback_asks_for_its_right(closed: tuple[Engine, str], role: Role) -> None:
    server = new_server(closed[1]).server
    client = logged_in(server, f"{role}-01")
    reader = logged_in(server, "bureau-01")
    for callback in callbacks(server, reader):
        answer = client.post("/_dash-update-component", json=body_of(callback))
        right = right_of_output(first_component(callback["output"]))
        if right is None or right in RIGHTS[role]:
            assert answer.status_code in (200, 204), (callback["output"][:80], answer.status_code)
        else:
            assert answer.status_code == 403, callback["output"][:80]


def test_nobody_calls_a_callback(server: Any) -> None:
    listed = callbacks(server, logged_in(server, "bureau-01"))
    client = server.test_client()
    for callback in listed:
        assert client.post("/_dash-update-component", json=body_of(callback)).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        None, [], {}, 1, "x", {"output": 1}, {"output": "page.children"}, {"output": "no.such"},
        {"output": "page.children", "inputs": {}}, {"output": "page.children", "inputs": [1]},
        {"output": "page.children", "inputs": [{"id": "navigate"}], "outputs": {}},
        {"output": "page.children", "inputs": [{"id": "other", "property": "data"}], "outputs": {"id": "page", "property": "children"}},
        {"output": "page.children", "inputs": [{"id": "navigate", "property": "data"}], "outputs": None},
        {"output": "page.children", "inputs": [{"id": "navigate", "property": "data"}], "changedPropIds": [1],
         "outputs": {"id": "page", "property": "children"}},
    ],
)  # fmt: skip
def test_a_malformed_callback_is_refused_as_such(small_city_url: str, body: Any) -> None:
    client = new_server(small_city_url).server.test_client()
    assert client.post("/_dash-update-component", json=body).status_code == 400
    raw = client.post("/_dash-update-component", data=b"{" + json.dumps(body).encode(), content_type="application/json")
    assert raw.status_code == 400


# -- rows -------------------------------------------------------------------------------------------------------------

SEARCHES = ["", f"?area={MINE}", f"?area={OTHER}", f"?area={OTHER[:6]}", "?compound={theirs}", "?grid={grid}",
            "?company={company}", "?trace=satisfaction", "?area={other}&compound={theirs}&company={company}"]  # fmt: skip


def foreign_names(whole: Reader) -> set[str]:
    """Ids and names that no answer to the street's account may hold."""
    mine = whole.scoped((MINE,))
    found: set[str] = set()
    for table, key in (("compound", "compound_id"), ("grid", "grid_code")):
        rows = whole.register(table)
        own = mine.register(table)
        rows = rows[~rows[key].isin(set(own[key]))]
        found |= set(rows[key]) | (set(rows["name"]) - set(own["name"]))
    return {name for name in found if len(name) > 2}


def test_a_street_never_gets_a_row_of_another_on_a_warm_cache(closed: tuple[Engine, str]) -> None:
    engine, url = closed
    server = new_server(url).server
    bureau, street = logged_in(server, "bureau-01"), logged_in(server, "street-01")
    whole = Reader(engine)
    foreign = foreign_names(whole)
    assert len(foreign) > 20
    theirs = sorted(whole.register("compound", Selection(area=OTHER))["compound_id"])[0]
    values = {"theirs": theirs, "other": OTHER, "grid": f"{OTHER}001", "company": "E01"}
    listed = [c for c in callbacks(server, bureau) if right_of_output(first_component(c["output"])) is not Right.AUDIT]
    seen_by_bureau = ""
    for path in (
        "/",
        "/coverage",
        "/satisfaction",
        "/companies",
        "/ranking",
        "/data",
        "/compound",
        f"/compound/{theirs}",
    ):
        for search in SEARCHES if path == "/" else SEARCHES[4:5]:
            asked = {"pathname": path, "search": search.format(**values), "theme": "light", "scale": 1,
                     "card": "overview-map", "item": "table", "token": theirs, "batch": 1}  # fmt: skip
            page = {name: asked[name] for name in ("pathname", "search", "theme", "scale")}
            for drawn, more in (("page", {}), ("cards", {"cards": "", "around": ""})):
                seen_by_bureau += bureau.get(f"/drawn/{drawn}", query_string=page | more).get_data(as_text=True)
                answer = street.get(f"/drawn/{drawn}", query_string=page | more)
                assert answer.status_code == 200
                leaked = {name for name in foreign if name in answer.get_data(as_text=True)} - {theirs, values["grid"]}
                assert not leaked, (path, search, sorted(leaked)[:3])
            for callback in listed if path == "/" else ():
                if callback["output"].startswith(
                    ("data-", "..data-job", "..data-progress", "briefing-", "..briefing-")
                ):
                    continue
                body = body_of(callback, asked)
                seen_by_bureau += bureau.post("/_dash-update-component", json=body).get_data(as_text=True)
                answer = street.post("/_dash-update-component", json=body)
                assert answer.status_code in (200, 204), callback["output"][:80]
                text = json.dumps(answer.get_json(silent=True), ensure_ascii=False)
                # What the address asked for may be said back, as unknown.
                leaked = {name for name in foreign if name in text} - {theirs, values["grid"]}
                assert not leaked, (path, search, callback["output"][:80], sorted(leaked)[:3])
    # The names looked for are really what a city account reads.
    assert len({name for name in foreign if name in seen_by_bureau or json.dumps(name)[1:-1] in seen_by_bureau}) > 20


@pytest.mark.parametrize("path", ["/data/trace.csv?trace=satisfaction", "/data/export.xlsx", "/export/compound.finder.xlsx",
                                  "/export/compound.finder.csv"])  # fmt: skip
def test_a_street_takes_away_its_own_rows_alone(closed: tuple[Engine, str], path: str) -> None:
    engine, url = closed
    server = new_server(url).server
    foreign = foreign_names(Reader(engine))
    bureau = contents(logged_in(server, "bureau-01").get(path))
    own = contents(logged_in(server, "street-01").get(path))
    assert {name for name in foreign if name in bureau}
    assert not {name for name in foreign if name in own}


def contents(answer: Any) -> str:
    """Text of a csv, or of every part of a workbook."""
    assert answer.status_code == 200
    if not answer.data.startswith(b"PK"):
        return str(answer.data.decode("utf-8-sig"))
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def test_numbers_of_an_own_compound_are_those_of_the_city_account(engine: Engine) -> None:
    whole = Reader(engine)
    mine = whole.scoped((MINE,))
    month = whole.latest_month
    estimates = compound_estimates(whole, month).set_index("compound_id")
    own = compound_estimates(mine, month).set_index("compound_id")
    assert 0 < len(own) < len(estimates)
    assert (own["shrunk"].dropna() == estimates.loc[own.index, "shrunk"].dropna()).all()


def test_a_scope_of_several_areas_is_their_sum(engine: Engine) -> None:
    whole = Reader(engine)
    both = whole.scoped((MINE, OTHER)).indicator("compounds")["numerator"].iloc[0]
    apart = [whole.indicator("compounds", Selection(area=area))["numerator"].iloc[0] for area in (MINE, OTHER)]
    assert both == sum(apart)
    assert set(whole.scoped((MINE, OTHER)).indicator("compounds", by="street")["group"]) == {MINE, OTHER}


def test_an_empty_scope_has_no_rows(engine: Engine) -> None:
    nothing = Reader(engine).scoped(())
    assert nothing.register("compound").empty
    assert nothing.indicator("compounds", by="compound").empty
    assert nothing.batches() == []
