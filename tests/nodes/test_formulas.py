"""Tables a spreadsheet opens: formulas become words, and everything else stays as it was written."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.nodes.data.formulas import is_formula, without_formulas

STAY = [
    "-5", "+3.2", "-1,234.50", "+33 1 23 45", "-12 %", "−5", "-", "=", "a=b", "x-y", "-.5", "-1e-3", "", "'=1",
    "-5 €",
]  # fmt: skip
FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", " =1", "\t=1", "\r=1", "＝1+1", "＠A1", "-a",
    "+a", "-5-5", "=HYPERLINK(1)",
]  # fmt: skip


@pytest.mark.parametrize("cell", STAY)
def test_what_is_no_formula_stays(cell: str) -> None:
    assert not is_formula(cell)
    assert without_formulas(f"a,{cell}\n{cell},b") == f"a,{cell}\n{cell},b"


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_formula_is_one(cell: str) -> None:
    assert is_formula(cell)


@pytest.mark.parametrize(
    ("table", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("a,=1+1,-5\n+x,b\n", "a,'=1+1,-5\n'+x,b\n"),
        ("a;=1+1", "a;'=1+1"),
        ("a\t=1+1", "a\t'=1+1"),
        ("a\r\n=1+1", "a\r\n'=1+1"),
        ('a,"=1+1, ""x"""', 'a,"\'=1+1, ""x"""'),
        ('a,"-5","tea, -milk"', 'a,"-5","tea, -milk"'),
        ('a,"never ends\n=1+1', 'a,"never ends\n=1+1'),
        ('a, "=1+1"', 'a, "\'=1+1"'),
        ("\ufeff=1+1,b", "\ufeff'=1+1,b"),
        (",,=1+1", ",,'=1+1"),
        ('x "y;=1+1', "x \"y;'=1+1"),
    ],
)
def test_formulas_of_a_text_become_words(table: str, safe: str) -> None:
    assert without_formulas(table) == safe


@given(
    st.lists(st.lists(st.text('a=+-@1,;"\n \t', max_size=8), min_size=1, max_size=4), max_size=5),
    st.sampled_from(",;\t"),
)
def test_no_cell_of_any_table_is_a_formula_afterwards(rows: list[list[str]], delimiter: str) -> None:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(rows)
    safe = without_formulas(file.getvalue())
    for row in csv.reader(io.StringIO(safe), delimiter=delimiter):
        # Up to what may part cells elsewhere: a lone sign before it begins no formula anywhere.
        assert not any(is_formula(re.split("[,;\t|\r\n]", cell)[0]) for cell in row)
    assert without_formulas(safe) == safe
