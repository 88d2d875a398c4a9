"""What is refused before anything of the file is inflated or parsed."""

from __future__ import annotations

import io
import zipfile

import pytest

from data.errors import UnreadableFileError
from data.importing.guards import form_of
from tests.data.importing.files import AREAS, part_of, with_part, workbook

LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'


@pytest.fixture
def book() -> bytes:
    return workbook({"区划": AREAS})


def refusal_of(name: str, content: bytes) -> UnreadableFileError:
    with pytest.raises(UnreadableFileError) as refused:
        form_of(name, content)
    assert refused.value.todo
    return refused.value


def claiming(book: bytes, inflated: int) -> bytes:
    """The workbook whose directory says that one part inflates to so many bytes."""
    target = io.BytesIO(with_part(book, "xl/worksheets/sheet9.xml", b"<worksheet/>"))
    with zipfile.ZipFile(target, "a") as archive:
        archive.getinfo("xl/worksheets/sheet9.xml").file_size = inflated
        archive.comment = b"written anew"
    return target.getvalue()


def test_a_bomb_is_refused_by_the_directory_of_the_zip_before_a_byte_is_inflated(
    book: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = claiming(book, 1_400_000_000)

    def inflating(*arguments: object, **options: object) -> None:
        raise AssertionError("a part was opened")

    monkeypatch.setattr(zipfile.ZipFile, "open", inflating)
    monkeypatch.setattr(zipfile.ZipFile, "read", inflating)
    assert refusal_of("甲.xlsx", bomb).code == "zip_bomb"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
def test_a_billion_laughs_are_refused_wherever_they_are(book: bytes, part: str) -> None:
    found = part_of(book, part).replace(b"?>", b"?>" + LAUGHS, 1)
    assert LAUGHS in found
    assert refusal_of("甲.xlsx", with_part(book, part, found)).code == "document_type"


def test_a_billion_laughs_in_another_encoding_are_refused(book: bytes) -> None:
    laughs = ('<?xml version="1.0" encoding="UTF-16"?>' + LAUGHS.decode() + "<x/>").encode("utf-16")
    assert refusal_of("甲.xlsx", with_part(book, "xl/styles.xml", laughs)).code == "document_type"


@pytest.mark.parametrize("name", ["甲.xlsm", "甲.XLTM", "甲.xlsb"])
def test_a_workbook_named_as_one_with_macros_is_refused(book: bytes, name: str) -> None:
    assert refusal_of(name, book).code == "macros"


def test_the_word_and_slide_files_are_not_workbooks() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    assert refusal_of("甲.xlsx", target.getvalue()).code == "unknown_format"


def test_an_ordinary_workbook_passes(book: bytes) -> None:
    assert form_of("甲.xlsx", book).value == "workbook"
