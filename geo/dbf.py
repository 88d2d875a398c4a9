"""The attribute table of a Shapefile: which encoding its text is in, and text cut off in the middle of a character.

A .dbf says its encoding in a .cpg beside it, or not, or wrongly; so every text field is tried.
"""

from __future__ import annotations

import codecs
import re
import struct
from dataclasses import dataclass

from data.errors import UnreadableFileError

_HEADER = struct.Struct("<4xIHH")
_LANGUAGE_BYTE = 29
# Language driver ids of dBase that mean GBK.
_GBK_DRIVERS = (0x4D, 0x7A)
_FIELD_SIZE = 32
# What a .cpg may say. ISO-8859-1 and the like are ignored: software writes them by default over Chinese text.
_DECLARED = ((r"utf8|65001", "utf-8"), (r"^(gb|ansi936|cp936|936|54936)", "gb18030"), (r"big5|950", "big5"))


@dataclass(frozen=True)
class _Field:
    at: int
    width: int


def readable_dbf(dbf: bytes, *, cpg: str = "", where: str = "") -> tuple[bytes, str]:
    """The table with half characters at field ends blanked out, and the encoding its text is in.

    Args:
        dbf: the file's bytes.
        cpg: text of the .cpg file, empty if there is none. Used only if the text really decodes in it.
        where: file name for the message.

    Returns:
        The table, ready to be read strictly in the encoding (`utf-8`, `gb18030` or `big5`).

    Raises:
        UnreadableFileError: not a dBase table, or its text is in none of the encodings tried.
    """
    if len(dbf) < _FIELD_SIZE + 1:
        raise _broken(where)
    records, header_size, record_size = _HEADER.unpack_from(dbf)
    names = _field_names(dbf, header_size)
    if header_size > len(dbf) or record_size == 0 or not names:
        raise _broken(where)
    spans = names + _text_values(dbf, records, header_size, record_size)
    for encoding in _candidates(dbf, cpg):
        cuts = _half_characters(dbf, spans, encoding)
        if cuts is not None:
            table = bytearray(dbf)
            for start, stop, filler in cuts:
                table[start:stop] = filler * (stop - start)
            return bytes(table), encoding
    raise UnreadableFileError(
        "属性表（.dbf）的文字无法解码",
        where=where,
        why="已尝试 .cpg 声明的编码、UTF-8 与 GB18030，均不相符",
        todo="请在制图软件中以 UTF-8 重新导出 Shapefile",
        code="bad_encoding",
    )


def _broken(where: str) -> UnreadableFileError:
    return UnreadableFileError(
        "属性表（.dbf）损坏",
        where=where,
        why="文件头不完整，读不出字段",
        todo="请重新导出 Shapefile",
        code="corrupt",
    )


def _candidates(dbf: bytes, cpg: str) -> list[str]:
    declared = re.sub(r"[^a-z0-9]", "", cpg.split("\n")[0].lower())
    first = [encoding for pattern, encoding in _DECLARED if re.search(pattern, declared)]
    if dbf[_LANGUAGE_BYTE] in _GBK_DRIVERS:
        first.append("gb18030")
    # UTF-8 before GB18030: Chinese in GB18030 is hardly ever valid UTF-8, the reverse often is.
    return list(dict.fromkeys([*first, "utf-8", "gb18030"]))


def _field_names(dbf: bytes, header_size: int) -> list[tuple[_Field, bytes]]:
    names = []
    for at in range(_FIELD_SIZE, min(header_size, len(dbf)) - _FIELD_SIZE + 1, _FIELD_SIZE):
        if dbf[at] == 0x0D:
            break
        names.append((_Field(at, len(dbf[at : at + 11].split(b"\0")[0])), b"\0"))
    return names


def _text_values(dbf: bytes, records: int, header_size: int, record_size: int) -> list[tuple[_Field, bytes]]:
    """Where the character fields of all records lie."""
    columns, offset = [], 1
    for at in range(_FIELD_SIZE, header_size - _FIELD_SIZE + 1, _FIELD_SIZE):
        if dbf[at] == 0x0D:
            break
        width = dbf[at + 16]
        if dbf[at + 11 : at + 12] == b"C":
            columns.append((offset, width))
        offset += width
    present = min(records, (len(dbf) - header_size) // record_size)
    return [
        (_Field(header_size + row * record_size + start, width), b" ")
        for row in range(present)
        for start, width in columns
    ]


def _half_characters(
    dbf: bytes, spans: list[tuple[_Field, bytes]], encoding: str
) -> list[tuple[int, int, bytes]] | None:
    """Bytes to blank so that everything decodes; None when some text is not in this encoding at all."""
    cuts = []
    for field, filler in spans:
        raw = dbf[field.at : field.at + field.width]
        if raw.isascii():
            continue
        # A value that fills its field may have been cut; a padded one was not, and must decode whole.
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            decoder.decode(raw, final=False)
        except UnicodeDecodeError:
            return None
        pending = len(decoder.getstate()[0])
        if pending:
            cuts.append((field.at + field.width - pending, field.at + field.width, filler))
    return cuts
