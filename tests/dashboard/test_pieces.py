"""Compressed pieces join into one valid answer, and the shelf keeps to its room."""

from __future__ import annotations

import multiprocessing
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.common_shelf import CommonShelf
from dashboard.pieces import Piece, Shelf, joined


@given(st.lists(st.binary(max_size=3000), max_size=8))
def test_joined_pieces_are_the_text_of_all(texts: list[bytes]) -> None:
    assert zlib.decompress(joined(Piece.of(text) for text in texts)) == b"".join(texts)


def test_a_large_text_survives_joining() -> None:
    text = bytes(range(256)) * 40_000
    assert zlib.decompress(joined([Piece.of(text), Piece.of(b"end")])) == text + b"end"


def test_a_piece_is_made_once() -> None:
    shelf, made = Shelf(), []
    for _ in range(3):
        shelf.get("key", lambda: (made.append(1) or b"text", True))  # type: ignore[func-returns-value]
    assert len(made) == 1


def test_what_must_not_be_kept_is_made_again() -> None:
    shelf, made = Shelf(), []
    for _ in range(3):
        shelf.get("key", lambda: (made.append(1) or b"text", False))  # type: ignore[func-returns-value]
    assert len(made) == 3
    assert shelf.size == 0


@pytest.mark.parametrize("room", [0, 200, 5_000])
def test_the_shelf_never_holds_more_than_its_room(room: int) -> None:
    shelf = Shelf(room)
    for number in range(300):
        text = str(number).encode() * 20
        assert zlib.decompress(joined([shelf.get(number, lambda text=text: (text, True))])) == text  # type: ignore[misc]
    assert shelf.size <= room


def _never() -> tuple[bytes, bool]:
    raise AssertionError("drawn again")


def _take(common: CommonShelf, wanted: bytes) -> None:
    piece = Shelf(common=common).get(("card", "view"), _never)
    assert zlib.decompress(joined([piece])) == wanted


def test_what_one_process_drew_another_of_the_same_start_need_not_draw(tmp_path: Path) -> None:
    common = CommonShelf(tmp_path)
    Shelf(common=common).get(("card", "view"), lambda: (b"line", True))
    other = multiprocessing.get_context("fork").Process(target=_take, args=(common, b"line"))
    other.start()
    other.join()
    assert other.exitcode == 0


def test_nothing_of_an_earlier_start_is_found(tmp_path: Path) -> None:
    CommonShelf(tmp_path).put("key", Piece.of(b"old"))
    assert CommonShelf(tmp_path).get("key") is None


def test_what_must_not_be_kept_is_not_shared(tmp_path: Path) -> None:
    common = CommonShelf(tmp_path)
    Shelf(common=common).get("key", lambda: (b"failure", False))
    assert common.get("key") is None


def test_the_shared_file_keeps_to_its_room_and_drops_the_oldest(tmp_path: Path) -> None:
    common, room = CommonShelf(tmp_path, room=1_000_000), 1_000_000
    for number in range(600):
        common.put(number, Piece(bytes(5_000), number, 5_000))
    assert common.get(0) is None
    assert common.get(599) == Piece(bytes(5_000), 599, 5_000)
    assert (tmp_path / "cards.db").stat().st_size < 2.5 * room


def test_the_shared_file_is_readable_by_the_server_alone(tmp_path: Path) -> None:
    CommonShelf(tmp_path).put("key", Piece.of(b"data"))
    assert {file.stat().st_mode & 0o077 for file in tmp_path.iterdir()} == {0}


def test_a_spoiled_shared_file_is_as_if_it_were_empty(tmp_path: Path) -> None:
    (tmp_path / "cards.db").write_bytes(b"no database at all" * 1000)
    shelf = Shelf(common=CommonShelf(tmp_path))
    assert zlib.decompress(joined([shelf.get("key", lambda: (b"line", True))])) == b"line"
