"""A backup holds the store as it was, on both databases; what cannot be trusted is refused before anything is lost."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from data import audit
from data.backup import MANIFEST, BackupError, backup, digests, restore
from data.cli import build_app, run
from data.importing.from_frames import commit_frames
from data.importing.ports import NO_PORTS
from data.store import head_version, open_store, schema_version
from tests.data.importing.test_batches import AREAS, compounds, surveys


def fill(store: Engine) -> None:
    commit_frames(store, {"area": AREAS, "compound": compounds(), "survey": surveys(40)}, actor="甲", note="首批")
    audit.record(store, actor="甲", action=audit.Action.EXPORT, subject="图", detail={"a": [1, "二", None]})


def state(store: Engine) -> dict[str, dict[str, object]]:
    with store.connect() as connection:
        return digests(connection)


def test_restoring_gives_back_what_was_backed_up_row_by_row(any_store: Engine, tmp_path: Path) -> None:
    fill(any_store)
    before, path = state(any_store), tmp_path / "night.zip"
    made = backup(any_store, path)
    assert made.tables == before
    assert before["compound"]["rows"] == 4
    assert before["audit_entry"]["rows"] == 1
    commit_frames(any_store, {"compound": compounds(9), "survey": surveys(7, 9)}, actor="乙")
    assert state(any_store) != before
    restore(any_store, path, force=True)
    assert state(any_store) == before
    # The store is alive: numbers go on where they were.
    assert commit_frames(any_store, {"compound": compounds(9)}, actor="乙") == 2
    assert schema_version(any_store) == head_version()


def test_a_backup_is_readable_by_its_owner_alone_and_leaves_nothing_beside_it(store: Engine, tmp_path: Path) -> None:
    fill(store)
    folder = tmp_path / "backups"
    folder.mkdir()
    backup(store, folder / "night.zip")
    assert [p.name for p in folder.iterdir()] == ["night.zip"]
    assert (folder / "night.zip").stat().st_mode & 0o077 == 0


def test_a_digest_sees_one_changed_value(store: Engine) -> None:
    fill(store)
    before = state(store)
    with store.begin() as connection:
        connection.execute(text("UPDATE compound SET households = households + 1 WHERE compound_id = 'X2'"))
    after = state(store)
    assert [name for name in after if after[name] != before[name]] == ["compound"]


def test_nothing_is_overwritten_without_force(store: Engine, tmp_path: Path) -> None:
    fill(store)
    path = tmp_path / "night.zip"
    backup(store, path)
    first = path.read_bytes()
    with pytest.raises(BackupError) as refused:
        backup(store, path)
    assert (refused.value.code, path.read_bytes()) == ("exists", first)
    with pytest.raises(BackupError) as refused:
        restore(store, path)
    assert refused.value.code == "not_empty"
    backup(store, path, force=True)


def test_an_empty_store_is_filled_without_force(store: Engine, tmp_path: Path) -> None:
    fill(store)
    backup(store, tmp_path / "night.zip")
    other = open_store(f"sqlite:///{tmp_path / 'other' / 'new.db'}")
    restore(other, tmp_path / "night.zip")
    assert state(other) == state(store)
    other.dispose()


def changed(path: Path, **values: object) -> Path:
    """The backup with another manifest."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[MANIFEST] = json.dumps(json.loads(parts[MANIFEST]) | values).encode()
    with zipfile.ZipFile(path.with_name("changed.zip"), "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path.with_name("changed.zip")


def test_a_backup_that_cannot_be_trusted_is_refused_and_the_store_stays(store: Engine, tmp_path: Path) -> None:
    fill(store)
    path = tmp_path / "night.zip"
    backup(store, path)
    before = state(store)
    (tmp_path / "half.zip").write_bytes(path.read_bytes()[:-200])
    (tmp_path / "text.zip").write_text("not a zip")
    cases = {
        tmp_path / "none.zip": "no_file", tmp_path / "half.zip": "corrupt", tmp_path / "text.zip": "corrupt",
    }  # fmt: skip
    for wrong, code in cases.items():
        with pytest.raises(BackupError) as refused:
            restore(store, wrong, force=True)
        assert refused.value.code == code
    for values, code in (
        ({"sha256": "0" * 64}, "corrupt"), ({"version": "9999"}, "newer"), ({"database": "postgresql"}, "other_database"),
    ):  # fmt: skip
        with pytest.raises(BackupError) as refused:
            restore(store, changed(path, **values), force=True)
        assert refused.value.code == code
    assert state(store) == before


def test_a_restore_says_when_a_table_differs_from_what_was_backed_up(store: Engine, tmp_path: Path) -> None:
    fill(store)
    path = tmp_path / "night.zip"
    made = backup(store, path)
    tables = {**made.tables, "compound": {"rows": 5, "sha256": "0" * 64}}
    with pytest.raises(BackupError, match="compound") as refused:
        restore(store, changed(path, tables=tables), force=True)
    assert refused.value.code == "differs"


def test_the_commands_back_up_and_restore(store: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(store)
    app, path = build_app(NO_PORTS), str(tmp_path / "night.zip")
    assert run(app, ["--database", str(store.url), "backup", path, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tables"]["compound"]["rows"] == 4
    assert run(app, ["--database", str(store.url), "restore", path]) == 1
    assert "--force" in capsys.readouterr().err
    assert run(app, ["--database", str(store.url), "restore", path, "--force"]) == 0
