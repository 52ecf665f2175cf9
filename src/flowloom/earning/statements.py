"""What a builder earned in a month, line by line, with what there was before and after."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from flowloom.earning.words import entry_in, number_of
from flowloom.locales import translate
from flowloom.money import plainly
from flowloom.services.formats.csv_cells import as_cell
from flowloom.store.books import Books, Entry, of_builder
from flowloom.store.orders import OrderStore

COLUMNS = ("date", "what", "order", "amount", "currency", "balance")


class Row(NamedTuple):
    """`order` is the number of an order, "" for what is of none; `balance` what there was after it."""

    day: str
    said: str
    order: str
    currency: str
    amount: int
    balance: int


class Statement(NamedTuple):
    """`before` and `after` are balances by currency. A month is `2026-11`, in UTC."""

    month: str
    before: dict[str, int]
    rows: tuple[Row, ...]
    after: dict[str, int]


def months_of(books: Books, account: str) -> list[str]:
    """The months in which something happened to a builder’s account, the latest first."""
    return sorted({_month(each) for each in books.entries(of_builder(account))}, reverse=True)


def statement_of(books: Books, orders: OrderStore, account: str, month: str, language: str) -> Statement:
    """A month of a builder’s account."""
    balances: dict[str, int] = {}
    before: dict[str, int] = {}
    rows: list[Row] = []
    for entry in books.entries(of_builder(account)):
        if _month(entry) > month:
            break
        if _month(entry) == month:
            before.setdefault(entry.currency, balances.get(entry.currency, 0))
        balances[entry.currency] = balances.get(entry.currency, 0) + entry.amount
        if _month(entry) == month:
            rows.append(_row(entry, orders, balances[entry.currency], language))
    carried = {currency: amount for currency, amount in balances.items() if currency not in before}
    return Statement(month, before | carried, tuple(rows), balances)


def _row(entry: Entry, orders: OrderStore, balance: int, language: str) -> Row:
    order = orders.get(entry.about) if entry.what in ("sale", "refund") else None
    day = datetime.fromtimestamp(entry.at, UTC).strftime("%Y-%m-%d")
    number = number_of(order) if order else ""
    return Row(day, entry_in(entry, order, language), number, entry.currency, entry.amount, balance)


def _month(entry: Entry) -> str:
    return datetime.fromtimestamp(entry.at, UTC).strftime("%Y-%m")


def as_csv(statement: Statement) -> bytes:
    """The lines as a table; what a spreadsheet would take for a formula is text."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for each in statement.rows:
        amount, balance = (plainly(value, each.currency) for value in (each.amount, each.balance))
        table.writerow((each.day, as_cell(each.said), each.order, amount, each.currency, balance))
    return out.getvalue().encode("utf-8-sig")


def heads_in(language: str) -> Sequence[str]:
    """The heads of a table of lines, for people."""
    return [translate(each, language) for each in ("Date", "What", "Amount", "Balance")]
