"""Compressed pieces join into one valid answer, and the shelf keeps to its room."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
