"""The encoding of a Shapefile's attribute table."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import UnreadableFileError
from geo.dbf import readable_dbf


def dbf(*values: bytes, name: bytes = b"name", width: int = 9, language: int = 0) -> bytes:
    """A dBase III table of one text field and a number field of the same width."""
    header = bytearray(32)
    struct.pack_into("<4xIHH", header, 0, len(values), 32 + 64 + 1, 1 + 2 * width)
    header[29] = language
    text = name[:10].ljust(11, b"\0") + b"C" + bytes(4) + bytes([width]) + bytes(15)
    number = b"size".ljust(11, b"\0") + b"N" + bytes(4) + bytes([width]) + bytes(15)
    rows = b"".join(b" " + v[:width].ljust(width) + b"1".rjust(width) for v in values)
    return bytes(header) + text + number + b"\r" + rows


@pytest.mark.parametrize(
    ("value", "cpg", "language", "encoding"),
    [
        ("金坝".encode(), "", 0, "utf-8"),
        ("金坝".encode(), "UTF-8\n", 0, "utf-8"),
        ("金坝".encode("gbk"), "", 0, "gb18030"),
        ("金坝".encode("gbk"), "936", 0, "gb18030"),
        ("金坝".encode("gbk"), "", 0x4D, "gb18030"),
        ("金坝".encode("gbk"), "UTF-8", 0, "gb18030"),
        ("金坝".encode(), "ISO-8859-1", 0, "utf-8"),
        ("金壩".encode("big5"), "BIG5", 0, "big5"),
        (b"plain", "", 0, "utf-8"),
        (b"plain", "rot13", 0, "utf-8"),
    ],
)
def test_the_encoding_is_the_one_the_text_decodes_in(value: bytes, cpg: str, language: int, encoding: str) -> None:
    table = dbf(value, language=language)
    assert readable_dbf(table, cpg=cpg) == (table, encoding)


def test_a_value_cut_in_the_middle_of_a_character_loses_only_that_character() -> None:
    table, encoding = readable_dbf(dbf("敬亭山街道".encode(), width=10))
    assert encoding == "utf-8"
    assert "敬亭山 ".encode() in table
    assert table[-20:-10].decode(encoding) == "敬亭山 "


def test_a_heading_cut_in_the_middle_of_a_character_loses_only_that_character() -> None:
    table, encoding = readable_dbf(dbf(b"x", name="街道名称".encode()))
    assert table[32:43].rstrip(b"\0").decode(encoding) == "街道名"


@given(st.lists(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=8), min_size=1))
def test_any_chinese_text_in_utf8_is_read_as_utf8(values: list[str]) -> None:
    table, encoding = readable_dbf(dbf(*(v.encode() for v in values), width=16))
    assert encoding == "utf-8"
    start = 32 + 64 + 1 + 1
    first = table[start : start + 16].decode(encoding).rstrip()
    assert values[0].startswith(first)
    assert len(first) == min(len(values[0]), 5)


@pytest.mark.parametrize("content", [b"", b"\x03" * 20, bytes(200), dbf(b"x")[:40]])
def test_what_is_not_a_table_is_corrupt(content: bytes) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        readable_dbf(content, where="片区.zip")
    assert caught.value.code == "corrupt"


def test_text_in_no_known_encoding_is_refused() -> None:
    with pytest.raises(UnreadableFileError) as caught:
        readable_dbf(dbf(b"\xff\xff\xff\xff  "))
    assert caught.value.code == "bad_encoding"
