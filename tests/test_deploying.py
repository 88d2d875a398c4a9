"""What operators are given: settings that exist, tests that exist, files that name each other rightly."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from dashboard.config import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[1]
ROWS = re.findall(r"^\|.*\| `(tests/[^`]+)` \|$", (ROOT / "docs" / "security.md").read_text("utf-8"), re.MULTILINE)


def test_every_row_of_the_security_table_names_a_test() -> None:
    table = [
        line for line in (ROOT / "docs" / "security.md").read_text("utf-8").splitlines()
        if line.startswith("|") and not line.startswith(("| item", "|---"))
    ]  # fmt: skip
    assert len(table) == len(ROWS) >= 25


@pytest.mark.parametrize("named", sorted(set(ROWS)))
def test_a_test_that_the_security_table_names_exists(named: str) -> None:
    path, _, function = named.partition("::")
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    names = {
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    assert function in names if function else names


def test_the_example_of_settings_names_settings_that_exist() -> None:
    text = (ROOT / "deploy" / "dashboard.env.example").read_text("utf-8")
    given = re.findall(r"^([A-Z_]+)=", text, re.MULTILINE)
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    assert given
    assert set(given) <= known


def test_the_server_behind_the_proxy_is_told_of_it() -> None:
    nginx = (ROOT / "deploy" / "nginx.conf.example").read_text("utf-8")
    example = (ROOT / "deploy" / "dashboard.env.example").read_text("utf-8")
    assert "DASHBOARD_PROXIES=1" in example
    assert "DASHBOARD_HTTPS=yes" in example
    for header in ("X-Forwarded-For   $remote_addr", "X-Forwarded-Proto $scheme", "X-Forwarded-Host  $http_host"):
        assert header in nginx
    limit = int(re.search(r"client_max_body_size (\d+)m", nginx)[1])  # type: ignore[index]
    assert limit > Settings.model_fields["max_upload_mb"].default
    assert re.search(r"location = /metrics \{ return 404; \}", nginx)


def test_units_name_each_other_and_the_port_the_proxy_asks() -> None:
    folder = ROOT / "deploy"
    service = (folder / "governance-dashboard.service").read_text("utf-8")
    assert "Requires=governance-dashboard.socket" in service
    assert "python app.py" in service
    port = re.search(r"ListenStream=(\S+)", (folder / "governance-dashboard.socket").read_text("utf-8"))
    assert port is not None
    assert f"proxy_pass http://{port[1]};" in (folder / "nginx.conf.example").read_text("utf-8")
    backup = (folder / "governance-backup.service").read_text("utf-8")
    assert "-m data backup" in backup
    kept = re.search(r"-mtime \+(\d+)", backup)
    assert kept is not None
    assert int(kept[1]) >= 190


@pytest.mark.parametrize("script", ["deploy/install.sh", "tools/wheelhouse.sh", "tools/system-packages.sh"])
def test_scripts_are_well_formed_and_can_be_run(script: str) -> None:
    path = ROOT / script
    assert path.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", str(path)], capture_output=True, check=False).returncode == 0


def test_commands_in_the_operators_page_exist() -> None:
    from dashboard.cli import build_app as dashboard_app
    from data.cli import build_app as data_app
    from data.importing.ports import NO_PORTS

    text = (ROOT / "docs" / "operating.md").read_text("utf-8")
    known = {
        "data": {str(c.name) for c in data_app(NO_PORTS).registered_commands},
        "dashboard": {str(c.name) for c in dashboard_app().registered_commands}
        | {str(g.name) for g in dashboard_app().registered_groups},
    }
    for room, command in re.findall(r"governance -m (data|dashboard) (\w+)", text):
        assert command in known[room], f"{room} {command}"
