"""Pictures of an answer, and how it was worked out, as a person meets them."""

import pytest
from streamlit.testing.v1 import AppTest
from tests.ui.test_pages import chat_page, open_page

from flowloom.flow.model import Edge, Flow, Node
from flowloom.kinds.values import Attachment
from flowloom.locales import translate
from flowloom.store.templates import templates
from flowloom.ui.chat import answer_files
from flowloom.ui.chat.answer_files import title_of
from flowloom.workspace import Workspace

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>\xe5\x8c\x97</text></svg>'
CSV = b"Town;Rain\nRome;3,5\nOslo;9,25\n"


def asked(
    home: Workspace, number: int, language: str = "en", why: bool = False, **opened: bool
) -> tuple[AppTest, str]:
    """The chat after a starter of the template was sent, with expanders opened by the beginning of their key."""
    template = next(each for each in templates(language) if each.id == "sales-analyst")
    flow = home.intake.create_from_template(template)
    conversation = home.runs.new_conversation(flow.id)
    run = home.runner.start(flow, template.flow.starters[number], conversation, language=language)
    home.runner.finished(run)
    keys = {f"{name}:{run}": value for name, value in opened.items()} | {f"opened:{run}": "why" if why else None}
    return open_page(chat_page, gpt=flow.id, language=language, **keys), run


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
def test_the_code_and_its_table_stand_below_the_answer(home: Workspace, language: str) -> None:
    app, _ = asked(home, 0, language, worked_out=True)
    assert not app.exception
    (code,) = [each for each in app.code if each.language == "python"]
    assert "chart('bar'" in code.value
    assert list(app.dataframe[0].value.iloc[:, 1]) == ["4092.5", "3580", "390"]
    assert translate("Ran in the built-in Python sandbox.", language) in [each.value for each in app.caption]
    assert translate("Show the calculation", language) in [each.label for each in app.expander]


def test_code_of_a_person_is_shown_too(home: Workspace) -> None:
    app, _ = asked(home, 2, worked_out=True)
    (code,) = [each for each in app.code if each.language == "python"]
    assert code.value.startswith("# The columns the message names")


def test_why_shows_the_code_as_what_the_block_gave(home: Workspace) -> None:
    app, _ = asked(home, 0, why=True)
    assert any("chart('bar'" in each.value for each in app.code)


def test_code_that_failed_can_be_read(home: Workspace) -> None:
    nodes = (
        Node(id="in", kind="chat.message"),
        Node(id="run", kind="code.run", config={"code": "x = len({{message}})\nx / 0"}),
        Node(id="out", kind="chat.answer"),
    )
    edges = (Edge(source="in.message", target="run.message"), Edge(source="run.text", target="out.text"))
    flow = home.flows.create(Flow(name="x", nodes=nodes, edges=edges))
    run = home.runner.start(flow, "Hi", home.runs.new_conversation(flow.id))
    problem = home.runner.finished(run).problem
    assert problem is not None
    assert "line 2" in str(problem)
    app = open_page(chat_page, gpt=flow.id, **{f"worked_out:{run}": True})
    assert [each.value for each in app.code if each.language == "python"] == ["x = len(message_)\nx / 0"]


def test_an_answer_without_code_has_no_such_part(home: Workspace) -> None:
    flow = home.intake.create_from_template(next(each for each in templates() if each.id == "knowledge-helper"))
    run = home.runner.start(flow, "How many days of holiday do I have?", home.runs.new_conversation(flow.id))
    home.runner.finished(run)
    app = open_page(chat_page, gpt=flow.id)
    assert "Show the calculation" not in [each.label for each in app.expander]


def test_a_chart_is_a_picture_with_its_title(home: Workspace) -> None:
    app, _ = asked(home, 0)
    (picture,) = app.get("image")
    assert picture.proto.imgs[0].alt == "Sum of Sales by Region"
    flow_id = home.flows.entries()[0].id
    turn = home.runs.turns(home.runs.latest_conversation(flow_id) or "")[-1]
    assert [file.name for file in turn.attachments] == ["Sum of Sales by Region.png"]
    assert (home.home / "files" / flow_id / "Sum of Sales by Region.png").is_file()


def test_a_drawing_is_shown_as_a_picture_and_damaged_ones_are_left_out(home: Workspace) -> None:
    flow = home.intake.create_from_template(templates()[0])
    conversation = home.runs.new_conversation(flow.id)
    drawing = home.runs.keep_file(conversation, "run", "各地区.svg", "image/svg+xml", SVG)
    broken = home.runs.keep_file(conversation, "run", "broken.png", "image/png", b"\x89PNG and no more")
    home.runs.add_turn(conversation, "user", "Draw it")
    home.runs.add_turn(conversation, "assistant", "See below.", run_id="run", attachments=(drawing, broken))
    app = open_page(chat_page, gpt=flow.id)
    assert not app.exception
    (picture,) = app.get("image")
    assert picture.proto.imgs[0].alt == "各地区"
    assert answer_files._shown(flow.id, "nowhere") is None


@pytest.mark.parametrize(
    ("name", "title"), [("Sales.png", "Sales"), ("Sales (12).svg", "Sales"), ("a (b).png", "a (b)"), ("x", "x")]
)
def test_titles(name: str, title: str) -> None:
    assert title_of(Attachment(id="1", name=name)) == title


def test_a_table_sent_earlier_is_asked_about_again(home: Workspace) -> None:
    template = next(each for each in templates("en") if each.id == "sales-analyst")
    flow = home.intake.create_from_template(template)
    conversation = home.runs.new_conversation(flow.id)
    file = home.runs.save_attachment(conversation, "weather.csv", "text/csv", CSV)
    first = home.runner.start(flow, "Average rain?", conversation, [file])
    assert "6.375" in home.runner.finished(first).text
    later = home.runner.start(flow, "Which town has the highest rain?", conversation)
    assert "| Oslo | 9.25 |" in home.runner.finished(later).text
