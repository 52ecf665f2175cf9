"""Tables of rows: read from what spreadsheets and programs write, and written so that nothing in them acts."""

import io
import json

import pytest
from openpyxl import Workbook, load_workbook

from flowloom.errors import KnowledgeError
from flowloom.services.formats.row_files import LARGEST, MOST_ROWS, read_rows, write_rows


def workbook(*sheets: list[list[object]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


TWO = [{"question": "How many?", "class": "7b"}, {"question": "Why, then?", "class": "8a"}]


@pytest.mark.parametrize(
    "data",
    [
        b'question,class\nHow many?,7b\n"Why, then?",8a\n',
        b"\xef\xbb\xbfquestion;class\r\nHow many?;7b\r\nWhy, then?;8a\r\n\r\n",
        b"question\tclass\nHow many?\t7b\nWhy, then?\t8a",
        b'{"question": "How many?", "class": "7b"}\n\n{"question": "Why, then?", "class": "8a"}\n',
        workbook([["question", "class"], ["How many?", "7b"], ["Why, then?", "8a"]]),
        workbook([["question", "class"], ["How many?", "7b"], ["Why, then?", "8a"]], [["other"], ["x"]]),
    ],
)
def test_the_same_rows_in_every_form(data: bytes) -> None:
    found = read_rows("rows", data)
    assert found.titles == ("question", "class")
    assert found.rows == TWO


def test_columns_have_names_of_their_own() -> None:
    found = read_rows("x.csv", b"a,,a,b\n1,2,3,4\n5,6\n")
    assert found.titles == ("a", "column 2", "a 3", "b")
    assert found.rows == [{"a": "1", "column 2": "2", "a 3": "3", "b": "4"}, {"a": "5", "column 2": "6"}]


def test_what_is_no_text_in_lines_of_json_is_written_as_json() -> None:
    found = read_rows("x.jsonl", b'{"a": 1, "b": null, "c": [true, "x"]}\n{"d": "y"}\n')
    assert found.titles == ("a", "b", "c", "d")
    assert found.rows[0] == {"a": "1", "b": "", "c": '[true, "x"]'}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "holds no rows"),
        (b"only,titles\n", "holds no rows"),
        (b'{"a": 1}\nnot json\n', "Line 2 of “x”"),
        (b'{"a": 1}\n[1]\n', "Line 2 of “x”"),
        (b"a\n" + b"1\n" * (MOST_ROWS + 1), "more than"),
        (b"a,b\n1," + b"x" * 60_000 + b"\n", "row 1"),
        (b" " * (LARGEST + 1), "larger than 20 MB"),
        (b"PK\x03\x04 cut off", None),
    ],
)
def test_what_is_no_table_is_said_in_a_sentence(data: bytes, said: str | None) -> None:
    if said is None:
        with pytest.raises(KnowledgeError):
            read_rows("x", data)
        return
    with pytest.raises(KnowledgeError, match=said):
        read_rows("x", data)


HOSTILE = [{"given": "=1+1", "answer": '=HYPERLINK("https://evil.example")'}, {"given": "-5", "answer": "+ yes"}]


def test_nothing_in_a_result_becomes_a_formula() -> None:
    plain = write_rows("csv", ["given", "answer"], HOSTILE).decode("utf-8-sig")
    assert plain.splitlines()[1].startswith("'=1+1,")
    assert "-5,'+ yes" in plain
    sheet = load_workbook(io.BytesIO(write_rows("xlsx", ["given", "answer"], HOSTILE))).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
    assert sheet["B2"].value == HOSTILE[0]["answer"]


def test_what_is_written_reads_back() -> None:
    for form in ("csv", "xlsx", "jsonl"):
        assert read_rows(f"x.{form}", write_rows(form, ["question", "class"], TWO)).rows == TWO  # type: ignore[arg-type]
    lines = write_rows("jsonl", [], [{"cost": None, "answer": "né"}]).decode()
    assert json.loads(lines) == {"cost": None, "answer": "né"}
