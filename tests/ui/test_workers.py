"""What Settings says of the workers, of what waits for them and of what failed."""

import time

import pytest
from streamlit.testing.v1 import AppTest
from tests.waiting import Waiting

from flowloom.store.leases import WAITING
from flowloom.workspace import Workspace


def page() -> None:
    from flowloom.ui.settings.workers import draw_workers

    draw_workers()


def said(language: str = "en") -> str:
    app = AppTest.from_function(page, default_timeout=30)
    app.session_state["language"] = language
    app.run()
    assert not app.exception
    return "\n".join(each.value for each in [*app.markdown, *app.caption, *app.code])


def test_without_a_database_of_several_this_computer_does_everything(home: Workspace) -> None:
    assert "This computer does everything itself." in said()


def test_where_there_could_be_workers_it_says_how_to_start_one(home: Workspace) -> None:
    home.handover.queue = Waiting()
    assert "flowloom worker" in said()


@pytest.mark.parametrize(
    ("language", "waits", "failed", "busy"),
    [
        ("en", "Waiting: 2 runs", "Failed in the last 24 hours: 1 run", "Running 1 of 8 at a time"),
        ("zh", "等待中：2 次运行", "过去 24 小时内失败：1 次运行", "正在运行 1 个，最多同时 8 个"),
        ("fr", "En attente\u202f: 2 exécutions", "24 heures\u202f: 1 exécution", "1 en cours, 8 à la fois"),
    ],
)
def test_workers_what_waits_and_what_failed(
    home: Workspace, language: str, waits: str, failed: str, busy: str
) -> None:
    home.handover.queue = Waiting()
    home.crew.join(8)
    db = home.flows.db
    for name, owner in (("run:a", home.leases.me), ("run:b", WAITING), ("run:c", WAITING)):
        db.do("INSERT INTO leases (name, owner) VALUES (?, ?)", name, owner)
    for number, (via, days) in enumerate((("schedule", 0.0), ("schedule", 2.0), ("", 0.0))):
        db.do(
            "INSERT INTO runs (id, flow, started, state, via) VALUES (?, 'f', ?, 'failed', ?)",
            f"r{number}",
            time.time() - days * 86_400,
            via,
        )
    text = said(language)
    for expected in (waits, failed, busy):
        assert expected in text
