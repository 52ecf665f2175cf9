"""A table through a GPT, from the page: what it will ask and cost, how far it is, and the file of results."""

import io
import time

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest
from tests.test_batches import ECHO, ROWS
from tests.ui.test_pages import runs_page

from flowloom.flow.model import Flow
from flowloom.store.templates import templates
from flowloom.ui.runs.batches import _file
from flowloom.workspace import Workspace

CSV = "name,topic\n" + "".join(f"{row['name']},{row['topic']}\n" for row in ROWS)


def new_batch_page() -> None:
    from flowloom.ui.runs.new_batch import draw_new_batch

    draw_new_batch()


@pytest.fixture
def flow(home: Workspace) -> Flow:
    return home.flows.create(ECHO)


def chosen(content: str, name: str = "class.csv") -> AppTest:
    app = AppTest.from_function(new_batch_page, default_timeout=30).run()
    app.file_uploader(key="batch_file").set_value((name, content.encode(), "text/csv")).run()
    return app


def said(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(str(part.value) for part in (*app.markdown, *app.caption, *app.info, *app.warning, *app.error))


def worked_through(home: Workspace) -> str:
    (batch,) = home.batches.store.all()
    end = time.monotonic() + 20
    while home.batches.is_going(batch.id):
        assert time.monotonic() < end
        time.sleep(0.01)
    return batch.id


def test_a_file_becomes_a_table_that_goes_through(home: Workspace, flow: Flow) -> None:
    app = chosen(CSV)
    assert "5 rows with the columns: name, topic" in said(app)
    assert "No model is asked, so this costs nothing" in said(app)
    app.text_area[0].set_value("{{name}} likes {{topic}}").run()
    assert "1. Ann likes bees" in said(app)
    app.button(key="batch_start").click().run()
    id = worked_through(home)
    assert [row.answer for row in home.batches.store.rows(id)] == [
        f"Said: {row['name']} likes bees" for row in ROWS
    ]


def test_the_column_that_asks_is_guessed(home: Workspace, flow: Flow) -> None:
    app = chosen("id,Question\n1,Why?\n")
    assert app.text_area[0].value == "{{Question}}"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("only\n", "holds no rows"),
        ("a,b\n,x\n", "Some rows ask nothing"),
        ('{"a": 1}\nx\n', "Line 2"),
    ],
)
def test_what_cannot_go_through_is_said_and_begins_nothing(
    home: Workspace, flow: Flow, content: str, words: str
) -> None:
    app = chosen(content)
    assert words in said(app)
    assert not [button for button in app.button if button.key == "batch_start"]


def test_an_unknown_column_is_said(home: Workspace, flow: Flow) -> None:
    app = chosen(CSV)
    app.text_area[0].set_value("{{nobody}}").run()
    assert "nobody" in said(app)
    assert not [button for button in app.button if button.key == "batch_start"]


def test_a_flow_that_cannot_run_is_said(home: Workspace) -> None:
    home.flows.create(Flow(name="Empty"))
    assert chosen(CSV).error


def test_what_models_cost_is_told_before(home: Workspace) -> None:
    home.intake.create_from_template(next(each for each in templates() if each.id == "translator"))
    assert "all of them free" in said(chosen(CSV))


def test_a_table_shows_how_far_it_is_and_what_came_of_it(home: Workspace, flow: Flow) -> None:
    id = home.batches.store.create(flow, "class.csv", ["name", "topic"], ROWS, "{{name}}")
    home.batches.resume(id)
    worked_through(home)
    app = AppTest.from_function(runs_page, default_timeout=30)
    app.query_params["table"] = id
    app.run()
    assert app.title[0].value == "class.csv"
    assert list(app.dataframe[0].value["Answer"]) == [f"Said: {row['name']}" for row in ROWS]
    assert set(app.dataframe[0].value["Status"]) == {"done"}
    app.button(key="batch_delete").click().run()
    assert not app.exception
    assert home.batches.store.all() == []


def test_one_that_was_stopped_is_continued_from_its_page(home: Workspace, flow: Flow) -> None:
    id = home.batches.store.create(flow, "class.csv", ["name"], ROWS, "{{name}}")
    home.batches.stop(id)
    app = AppTest.from_function(runs_page, default_timeout=30)
    app.query_params["table"] = id
    app.run()
    app.button(key="batch_go").click().run()
    worked_through(home)
    assert home.batches.store.counts(id) == {"done": 5}


def test_the_file_holds_every_row_with_what_came_of_it(home: Workspace, flow: Flow) -> None:
    id = home.batches.store.create(flow, "class.csv", ["name", "topic"], ROWS, "={{name}}")
    home.batches.resume(id)
    worked_through(home)
    sheet = load_workbook(io.BytesIO(_file(home.batches.store.get(id), "xlsx"))).active
    assert sheet is not None
    header, first, *_ = list(sheet.iter_rows(values_only=True))
    assert header == ("name", "topic", "Answer", "Status", "Problem", "Seconds", "Cost in $")
    assert first[:4] == ("Ann", "bees", "Said: =Ann", "done")


def test_a_table_that_is_gone_is_said(home: Workspace) -> None:
    app = AppTest.from_function(runs_page, default_timeout=30)
    app.query_params["table"] = "nothing"
    app.run()
    assert "no longer exists" in said(app)


def test_the_list_of_runs_leads_to_tables(home: Workspace, flow: Flow) -> None:
    id = home.batches.store.create(flow, "class.csv", ["name"], ROWS, "{{name}}")
    app = AppTest.from_function(runs_page, default_timeout=30).run()
    app.button(key=f"open_batch:{id}").click().run()
    assert app.title[0].value == "class.csv"
