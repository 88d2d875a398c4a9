"""Uploads wait on the server under a token and are gone after their time."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from dashboard.uploads import FILES, TOKEN, UploadGoneError, Uploads, plain_name


def keep(uploads: Uploads, *names: str) -> str:
    return uploads.keep((name, io.BytesIO(name.encode())) for name in names)


def make_old(uploads: Uploads, token: str) -> None:
    long_ago = 1_000_000_000
    os.utime(uploads.folder / token / FILES, (long_ago, long_ago))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("月报.xlsx", "月报.xlsx"),
        ("C:\\Users\\clerk\\月报.xlsx", "月报.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\nc.csv", "abc.csv"),
        ("", "file"),
        ("/", "file"),
        ("x" * 300 + ".csv", "x" * 196 + ".csv"),
    ],
)
def test_a_file_keeps_only_the_last_part_of_its_name(sent: str, kept: str) -> None:
    assert plain_name(sent) == kept


def test_files_come_back_in_order_with_their_bytes(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "uploads")
    token = keep(uploads, "b.csv", "../a.csv", "b.csv")
    assert TOKEN.fullmatch(token)
    assert uploads.contents(token) == [("b.csv", b"b.csv"), ("a.csv", b"../a.csv"), ("b.csv", b"b.csv")]
    assert [p for p in tmp_path.rglob("*") if p.is_file() and uploads.folder / token not in p.parents] == []


@pytest.mark.parametrize("token", [None, 3, "", "..", "../secret", "a" * 32, "a" * 31 + "/", ["a"], {"a": 1}])
def test_a_token_nobody_was_given_opens_nothing(tmp_path: Path, token: object) -> None:
    (tmp_path / "secret").mkdir()
    with pytest.raises(UploadGoneError):
        Uploads(tmp_path / "uploads").place(token)


def test_an_upload_past_its_time_is_gone_and_swept_by_the_next(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    old = keep(uploads, "old.csv")
    make_old(uploads, old)
    with pytest.raises(UploadGoneError):
        uploads.contents(old)
    assert (tmp_path / old).exists()
    fresh = keep(uploads, "new.csv")
    assert [place.name for place in tmp_path.iterdir()] == [fresh]


def test_sweeping_leaves_what_is_not_an_upload(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / FILES).mkdir()
    os.utime(tmp_path / "notes" / FILES, (0, 0))
    assert Uploads(tmp_path).sweep() == 0
    assert (tmp_path / "notes").is_dir()


def test_only_one_caller_gets_a_claim_until_it_is_released(tmp_path: Path) -> None:
    uploads, other_process = Uploads(tmp_path), Uploads(tmp_path)
    token = keep(uploads, "a.csv")
    assert uploads.claim(token, "committing")
    assert not other_process.claim(token, "committing")
    uploads.release(token, "committing")
    assert other_process.claim(token, "committing")
