"""Favourites, folders and when a GPT was used."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flowloom.flow.model import Flow
from flowloom.store.shelf import LONGEST, Place
from flowloom.workspace import Workspace

pytestmark = pytest.mark.usefixtures("kept_in")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Workspace]:
    opened = Workspace(tmp_path)
    yield opened
    opened.close()


def test_each_is_kept_beside_the_others(home: Workspace) -> None:
    home.shelf.put("a", "  School \n trips ")
    home.shelf.favour("a", True)
    home.shelf.favour("b", True)
    home.shelf.favour("b", False)
    assert home.shelf.all() == {"a": Place(True, "School trips"), "b": Place()}
    home.shelf.put("a", "x" * 500)
    assert home.shelf.all()["a"].folder == "x" * LONGEST
    home.shelf.put("a", "")
    assert home.shelf.all()["a"] == Place(favourite=True)


def test_used_is_opened_or_run_last(home: Workspace) -> None:
    home.shelf.opened("a")
    opened = home.shelf.all()["a"].used
    assert opened > 0
    home.flows.db.do("INSERT INTO runs (id, flow, started, state) VALUES ('1', 'a', ?, 'finished')", opened + 5)
    home.flows.db.do("INSERT INTO runs (id, flow, started, state) VALUES ('2', 'b', 7, 'finished')")
    assert {flow: place.used for flow, place in home.shelf.all().items()} == {"a": opened + 5, "b": 7}


def test_what_is_gone_for_good_has_no_place(home: Workspace) -> None:
    flow = home.flows.create(Flow(name="Bees"))
    home.shelf.favour(flow.id, True)
    home.flows.delete(flow.id)
    assert flow.id in home.shelf.all()
    home._empty_bin(older_than=-1)
    assert flow.id not in home.shelf.all()


@pytest.mark.parametrize(
    ("names", "wanted", "free"),
    [
        ([], "Bees", "Bees"),
        (["Bees"], "Bees", "Bees 2"),
        (["bees "], "Bees", "Bees 2"),
        (["Bees", "Bees 2"], "Bees", "Bees 3"),
        (["Bees 2"], "Bees", "Bees"),
        (["B" * 120], "B" * 120, "B" * 110 + " 2"),
    ],
)
def test_a_new_gpt_is_told_apart(home: Workspace, names: list[str], wanted: str, free: str) -> None:
    for name in names:
        home.flows.create(Flow(name=name))
    assert home.flows.free_name(wanted) == free
    assert home.intake.import_flow(f'{{"flowloom": 1, "name": "{wanted}"}}'.encode()).name == free
