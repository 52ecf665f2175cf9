"""XLSX files as text: values as people read them, sheets by name, and files that mean harm."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from flowloom.errors import KnowledgeError
from flowloom.flow.model import Flow
from flowloom.nodes.data.tables import cells_of, sheet_of
from flowloom.services.formats.workbooks import is_workbook, workbook_text
from flowloom.workspace import Workspace


def workbook(**sheets: list[list[Any]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def archive(**entries: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as found:
        for name, data in entries.items():
            found.writestr(name, data)
    return file.getvalue()


def test_cells_are_written_as_people_read_them() -> None:
    data = workbook(
        One=[["Day", "Sum", "Ok"], [date(2027, 1, 2), 3.0, True], [datetime(2027, 1, 2, 9, 30), 1.5, None]]
    )
    assert is_workbook(data)
    assert workbook_text("a.xlsx", data) == "Day,Sum,Ok\n2027-01-02,3,yes\n2027-01-02 09:30:00,1.5\n"


def test_several_sheets_stand_under_their_names() -> None:
    text = workbook_text("a.xlsx", workbook(March=[["A"], ["x, y\nz"]], April=[["A"], [2]]))
    assert cells_of(sheet_of(text, "")) == [["A"], ["x, y z"]]
    assert cells_of(sheet_of(text, "april")) == [["A"], ["2"]]


SHEET = "xl/worksheets/sheet1.xml"
DECLARED = b'<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>'
LATE = b"<!--" + b" " * 300_000 + b"-->"
EBCDIC = ("<?xml version='1.0' encoding='cp037'?>" + DECLARED.decode()).encode("cp037")
TYPES = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Override PartName="/xl/sheet.bin" ContentType="application/vnd.sheet+xml"/></Types>'
)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (archive(**{"xl/workbook.xml": b"<x/>"}), "a readable spreadsheet"),
        (archive(**{"xl/workbook.xml": b"<x/>", SHEET: b" " * 90_000_000}), "contains more"),
        (archive(**{"xl/workbook.xml": b"<x/>"}, **{f"f{n}": b"" for n in range(2_100)}), "contains more"),
        (archive(**{"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>'}), "a readable spreadsheet"),
        (archive(**{"xl/workbook.xml": b"<x/>", SHEET: LATE + DECLARED}), "a readable spreadsheet"),
        (
            archive(**{"xl/workbook.xml": b"<x/>", SHEET: (LATE + DECLARED).decode().encode("utf-16")}),
            "a readable spreadsheet",
        ),
        (
            archive(**{"xl/workbook.xml": b"<x/>", SHEET: DECLARED.decode().encode("utf-16-le")}),
            "a readable spreadsheet",
        ),
        (
            archive(**{"xl/workbook.xml": b"<x/>", SHEET: DECLARED.decode().encode("utf-32")}),
            "a readable spreadsheet",
        ),
        (archive(**{"xl/workbook.xml": b"<x/>", SHEET: EBCDIC}), "a readable spreadsheet"),
        (
            archive(**{"xl/workbook.xml": b"<x/>", "[Content_Types].xml": TYPES, "xl/sheet.bin": DECLARED}),
            "a readable spreadsheet",
        ),
        (archive(**{"xl/workbook.xml": b"<x/>", "xl/a.RELS": LATE + DECLARED}), "a readable spreadsheet"),
        (workbook(One=[["x"] * 3] * 50)[:-200], "a readable spreadsheet"),
        (workbook(One=[[None]]), "is empty"),
    ],
)
def test_bad_workbooks_say_so(data: bytes, said: str) -> None:
    with pytest.raises(KnowledgeError, match=said) as failed:
        workbook_text("figures.xlsx", data)
    assert "figures.xlsx" in str(failed.value)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PK\x03\x04" + b"x" * 100, archive(**{"a.txt": b"x"})])
def test_other_files_are_no_workbooks(data: bytes) -> None:
    assert not is_workbook(data)


def test_a_workbook_that_came_with_a_message_can_be_read(home: Workspace) -> None:
    flow = home.flows.create(Flow(name="Tables"))
    conversation = home.runs.new_conversation(flow.id)
    kept = home.runs.save_attachment(conversation, "a.xlsx", "", workbook(One=[["A"], [7]]))
    assert kept.text == "A\n7\n"
