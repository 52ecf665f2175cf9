"""A workbook is read as its sheets show it, whoever reads it."""

import io
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from openpyxl import Workbook

from flowloom.services.formats.number_formats import shown_number
from flowloom.services.formats.workbooks import workbook_text
from flowloom.services.knowledge.loaders import read_document
from tests.services.office_files import repacked

EURO = '_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-'
# ECMA-376 part 1, 18.8.31: codes and what they show.
SHOWN = [
    (0.035, "0.0%", "3.5%"),
    (0.035, "0%", "3.5%"),  # what rounding would hide stays
    (0.5, "0%", "50%"),
    (1 / 3, "0.0%", "33.3%"),
    (-0.05, "0%", "-5%"),
    (1234.5, '"$"#,##0.00', "$1,234.50"),
    (1234.5, "[$$-409]#,##0.00", "$1,234.50"),
    (1234.5, "#,##0.00\\ [$€-407]", "1,234.50 €"),
    (1234.5, "[$CHF] #,##0.00", "CHF 1,234.50"),
    (-1234.5, '"$"#,##0.00;[Red]("$"#,##0.00)', "($1,234.50)"),
    (-5, "$#,##0_);($#,##0)", "($5)"),
    (1234.5, EURO, "1,234.50 €"),
    (-1234.5, EURO, "-1,234.50 €"),
    (0, EURO, "- €"),
    (2.345, '"$"0.00', "$2.35"),
    (1067, "00000", "01067"),
    (5551234, "000\\-0000", "555-1234"),
    (1.5, "# ?/?", "1 1/2"),
    (2.625, "# ?/8", "2 5/8"),
    (0.3333, "# ?/?", "1/3"),
    (-1.25, "# ?/?", "-1 1/4"),
    (12, '0" kg"', "12 kg"),
    (21.5, "0.0\\°", "21.5°"),
    (12, '"Q"0', "Q12"),
    (0, '0;-0;"none"', "none"),
    (5, ";;;", ""),
    (1234567, '0.0,,"M"', "1.2M"),
    (3, '[>=2]"many";"few"', "3"),
    # Rounding and grouping alone lose what a reader may reckon with.
    (3.14159, "0.00", "3.14159"),
    (1234567, "#,##0", "1234567"),
    (12345.678, "0.00E+00", "12345.678"),
    (0.1 + 0.2, "General", "0.3"),
    (3.0, "General", "3"),
    (1e21, "General", "1e+21"),
    (7, "@", "7"),
]


@pytest.mark.parametrize(("value", "code", "shown"), SHOWN)
def test_a_number_is_shown_by_its_code(value: float, code: str, shown: str) -> None:
    assert shown_number(value, code) == shown


@pytest.mark.parametrize(
    "code", ["", ";", '"', "\\", "[", "[$", "0" * 500, "%" * 50, "?/?", "#/0", "0/00", "((((", "E+0"]
)
@pytest.mark.parametrize("value", [0, -1, 0.5, 1e300, float("inf"), float("nan"), 10**40])
def test_any_code_and_any_number(value: float, code: str) -> None:
    assert isinstance(shown_number(value, code), str)


def book(rows: list[list[Any]], formats: dict[str, str] | None = None, merged: tuple[str, ...] = ()) -> bytes:
    made = Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(row)
    for place, code in (formats or {}).items():
        sheet[place].number_format = code
    for area in merged:
        sheet.merge_cells(area)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def both(data: bytes) -> list[list[str]]:
    """The cells as knowledge has them, after a look that tables are read alike, but for yes and no."""
    lines = read_document("a.xlsx", data).text.splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    shown = [row for row in rows if set(row) != {"---"}]
    table = [line.split(",") for line in workbook_text("a.xlsx", data).splitlines()]
    for row, cells in zip(shown, table, strict=True):
        padded = [*cells, *[""] * (len(row) - len(cells))]
        assert [{"yes": "TRUE", "no": "FALSE"}.get(cell, cell) for cell in padded] == row
    return shown


VALUES = [
    (0.035, "0.0%", "3.5%"),
    (5, '0.00 "€"', "5.00 €"),
    (True, "General", "TRUE"),
    (date(2026, 3, 1), "mmm yyyy", "2026-03-01"),
    (datetime(2026, 3, 1, 9, 30), "d/m/yyyy h:mm", "2026-03-01 09:30:00"),
    (time(9, 30), "h:mm", "09:30"),
    (timedelta(hours=36, minutes=5), "[h]:mm:ss", "36:05:00"),
    ("#DIV/0!", "General", "#DIV/0!"),
    ("01067", "@", "01067"),
]


@pytest.mark.parametrize(("value", "code", "shown"), VALUES)
def test_values_are_what_the_sheet_shows(value: Any, code: str, shown: str) -> None:
    assert both(book([["a", "b"], [value, "x"]], {"A2": code})) == [["a", "b"], [shown, "x"]]


def test_each_row_of_a_merged_cell_has_its_value() -> None:
    rows = [["Region", "Shop"], ["North", "A"], [None, "B"], [None, "C"], ["South", "D"]]
    found = both(book(rows, merged=("A2:A4",)))
    assert [row[0] for row in found] == ["Region", "North", "North", "North", "South"]


def test_a_title_over_several_columns_stands_once() -> None:
    found = both(book([["Prices", None, None], ["a", "b", "c"], [1, 2, 3]], merged=("A1:C1",)))
    assert found[0] == ["Prices", "", ""]


def test_a_formula_that_was_never_worked_out_is_told() -> None:
    assert both(book([["a", "b"], [1, "=A2*2"]])) == [["a", "b"], ["1", "=A2*2"]]


def test_a_formula_that_was_is_its_value() -> None:
    data = book([["a", "b"], [1, "=A2*2"]])
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1"><f>1+1</f><v>2</v></c></row>'
        b"</sheetData></worksheet>"
    )
    assert both(repacked(data, {"xl/worksheets/sheet1.xml": sheet})) == [["a", "2"]]
