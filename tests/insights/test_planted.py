"""What was planted into a made-up crawl is found within two per cent."""

import math
from collections.abc import Iterator

import pytest
from benchmarks.crawl import Planted, make

from flowloom.insights.answer import Answer
from flowloom.insights.questions import QUESTIONS
from flowloom.insights.selection import Selection
from flowloom.insights.table import Table

pytest.importorskip("duckdb")
ROWS = 12_000
ASK = {question.id: question.ask for question in QUESTIONS}


@pytest.fixture(scope="module", params=["csv", "jsonl", "parquet"])
def crawl(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Table, Planted]]:
    path = tmp_path_factory.mktemp("crawl") / f"crawl.{request.param}"
    planted, table = make(path, ROWS), Table()
    table.load_file(path, path.name)
    yield table, planted
    table.close()


def shares(answer: Answer) -> dict[str, float]:
    return {row[0]: row[2] for row in answer.rows}


def near(found: float, planted: float) -> bool:
    return found == pytest.approx(planted, rel=0.02)


def test_every_row_is_read(crawl: tuple[Table, Planted]) -> None:
    table, planted = crawl
    assert (table.loaded.rows, table.loaded.broken, table.loaded.lacking) == (planted.rows, 0, ())


@pytest.mark.parametrize("what", ["categories", "languages", "tools"])
def test_shares(crawl: tuple[Table, Planted], what: str) -> None:
    table, planted = crawl
    found, wanted = shares(ASK[what](table, Selection())), getattr(planted, what)
    assert found.keys() == wanted.keys()
    assert {name for name in wanted if not near(found[name], wanted[name])} == set()


@pytest.mark.parametrize(
    ("question", "figure", "fact"),
    [
        ("lorenz", "Gini", "gini"),
        ("zipf", "Exponent", "zipf"),
        ("authors", "With one GPT", "one_gpt_authors"),
        ("families", "Families", "families"),
        ("families", "GPTs in families", "in_families"),
        ("impersonation", "Found", "impersonators"),
        ("links", "With a link", "linked"),
        ("ratings", "Correlation", "correlation"),
    ],
)
def test_figures(crawl: tuple[Table, Planted], question: str, figure: str, fact: str) -> None:
    table, planted = crawl
    assert near(ASK[question](table, Selection()).figures[figure], getattr(planted, fact))


def test_growth(crawl: tuple[Table, Planted]) -> None:
    table, planted = crawl
    years: dict[str, int] = {}
    for month, new, _ in ASK["growth"](table, Selection()).rows:
        years[str(month.year)] = years.get(str(month.year), 0) + new
    assert years == planted.years


@pytest.mark.parametrize("uses", [[1], [0, 0, 3], [1, 1, 5], list(range(50)), [at % 7 for at in range(333)]])
def test_the_curve_of_concentration_is_that_of_its_definition(uses: list[int]) -> None:
    table = Table()
    table.load_rows({"title": f"GPT {at}", "conversations": use} for at, use in enumerate(uses))
    found = ASK["lorenz"](table, Selection())
    table.close()
    ordered, total = sorted(uses), sum(uses)
    lower = {round(math.ceil(i * 100 / len(uses)) / 100, 2): sum(ordered[:i]) / total for i in range(len(uses) + 1)}
    assert dict(found.rows) == pytest.approx(lower)
    apart = sum(abs(one - other) for one in uses for other in uses)
    assert found.figures["Gini"] == pytest.approx(apart / (2 * len(uses) * total))


def test_the_fit_says_how_sure_it_is(crawl: tuple[Table, Planted]) -> None:
    figures = ASK["zipf"](crawl[0], Selection()).figures
    assert 0 < figures["± (standard error)"] < 0.01
    assert figures["R²"] > 0.99


def test_a_filter_holds_for_every_question(crawl: tuple[Table, Planted]) -> None:
    table, _ = crawl
    only = Selection(categories=("education",), languages=("fr",), least=1)
    assert list(shares(ASK["categories"](table, only))) == ["education"]
    assert list(shares(ASK["languages"](table, only))) == ["fr"]
    for ask in ASK.values():
        assert isinstance(ask(table, only), Answer)
        assert isinstance(ask(table, Selection(least=10**12)), Answer)
