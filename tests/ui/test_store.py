"""The page Store of the app, and the store as a choice of publishing."""

import ast
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from tests.gallery.stocking import stock
from tests.smtp_sink import smtp_sink
from tests.ui.test_publishing import made, opened, said

import flowloom
from flowloom.gallery.moderation import By
from flowloom.insights.columns import SAID
from flowloom.insights.questions import QUESTIONS, Answer
from flowloom.locales import catalogue
from flowloom.services.mail.settings import MailAccount
from flowloom.ui import session
from flowloom.ui.gpt.publishing import AUDIENCES
from flowloom.ui.gpt.store_review import TOLD
from flowloom.ui.store.drawing import chart
from flowloom.ui.store.insights import as_csv, figure_of
from flowloom.ui.store.mine import DECIDED
from flowloom.ui.store.queue import DECISIONS
from flowloom.workspace import Workspace

INSIGHTS = Path(flowloom.__file__).parent / "insights"


def words_of_answers() -> set[str]:
    """The names of columns and figures."""
    found = set()
    for name in ("questions.py", "likeness.py"):
        for call in ast.walk(ast.parse((INSIGHTS / name).read_text("utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Answer":
                found |= {
                    part.value
                    for argument in (call.args[0], *call.args[2:])
                    for part in ast.walk(argument)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                }
    return found


@pytest.mark.parametrize("language", ["zh", "fr"])
def test_every_word_is_translated(language: str) -> None:
    assert session
    said = {*AUDIENCES.values(), *DECIDED.values(), *DECISIONS.values(), *SAID.values(), *words_of_answers()}
    said |= {text for text, _ in TOLD.values()} | {each.title for each in QUESTIONS}
    said |= {each.explained for each in QUESTIONS}
    assert {text for text in said if not catalogue(language).get(text)} == set()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.id)
def test_every_question_is_drawn_or_told(question) -> None:  # type: ignore[no-untyped-def]
    rows = {
        "families": [("A", "Text", 3)],
        "growth": [("2024-01-01", 1, 1)],
        "lorenz": [(0.0, 0.0), (1.0, 1.0)],
        "links": [("a.org", 1, False)],
    }
    answer = Answer(("Name", "GPTs", "Share"), rows.get(question.id, [(1.0, 2.0, 3.0)]))
    drawn = chart(question, answer, str)
    assert (drawn is None) is (question.mark == "table")
    if drawn is not None:
        assert drawn.to_dict()["data" if "data" in drawn.to_dict() else "layer"]


def test_a_download_holds_no_formulas() -> None:
    answer = Answer(("Name", "GPTs"), [("=HYPERLINK(1)", 1), ("@x", 2), ("Fine", -3)])
    assert as_csv(answer, str).decode("utf-8-sig").splitlines() == [
        "Name,GPTs",
        "'=HYPERLINK(1),1",
        "'@x,2",
        "Fine,-3",
    ]


@pytest.mark.parametrize(
    ("figure", "said"), [(700.0, "700"), (0.92062, "0.9206"), (1.0, "1"), (0.00004255, "4.255e-05")]
)
def test_figures(figure: float, said: str) -> None:
    assert figure_of(figure) == said


def page() -> None:
    from flowloom.ui.pages import store

    store.show()


def shown() -> AppTest:
    return AppTest.from_function(page, default_timeout=30).run()


def test_a_gpt_goes_into_the_store_once_it_is_reviewed(home: Workspace) -> None:
    flow = made(home, "translator")
    app = opened(flow)
    app.radio(key="publish_audience").set_value("store").run()
    app.selectbox(key="publish_category").set_value("writing").run()
    app.button(key="publish_now").click().run()
    assert "hasn’t passed the review" in said(app)
    app.button(key="publish_review").click().run()
    assert home.gallery.reviews.finished(flow)
    app.run()
    assert "Reviewed: it may go into the store." in said(app)
    app.button(key="publish_now").click().run()
    assert not app.exception
    entry = home.gallery.catalogue.find("translator")
    assert entry
    assert entry.category == "writing"


def test_what_holds_a_gpt_back_is_told_and_can_be_asked_about(home: Workspace) -> None:
    home.flows.save(made(home, "translator").model_copy(update={"instructions": "About fake invoices."}))
    flow = home.flows.load(home.flows.entries()[0].id)
    app = opened(flow)
    app.radio(key="publish_audience").set_value("store").run()
    app.button(key="publish_review").click().run()
    assert home.gallery.reviews.finished(flow)
    app.run()
    assert "which may be about forgery or fraud" in said(app)
    app.button(key="publish_ask").click().run()
    assert "has been asked to decide" in said(app)
    desk = shown()
    desk.text_area(
        key=next(each.key for each in desk.text_area if (each.key or "").startswith("asked:"))
    ).set_value("It warns of them.")
    next(each for each in desk.button if each.label == "Let it in").click().run()
    assert not desk.exception
    app.run()
    assert "An admin decided that it may go into the store. It warns of them." in said(app)


def test_reports_are_decided_on_the_page_and_told_to_the_builder(home: Workspace) -> None:
    flow = stock(home, "Echo")
    home.gallery.moderation.report(flow.id, "p", "harmful", "It is rude.", address="", pace=home.visits.pace)
    app = shown()
    assert "It is rude." in said(app)
    tabs = [each.label for each in app.tabs]
    app.radio(key=f"reported:{flow.id}:what").set_value("down")
    app.text_area(key=f"reported:{flow.id}:reason").set_value("It insults people.")
    next(each for each in app.button if each.label == "Decide").click().run()
    told = said(app)
    assert "Taken down: echo" in told
    assert "Nothing waits for a decision." in told
    (decision,) = home.gallery.moderation.notices("")
    app.text_area(key=f"appeal_text:{decision.id}").set_value("It only quotes.")
    next(each for each in app.button if each.label == "Appeal").click().run()
    assert "It only quotes." in said(app)
    app.button(key=f"restore:{decision.id}").click().run()
    assert home.publications.find("echo")
    assert "It came back." in said(app)
    assert [each.label for each in app.tabs] == tabs, "whoever is on a tab that changes its name is thrown off it"


def test_figures_and_insights_of_the_store(home: Workspace) -> None:
    pytest.importorskip("duckdb")
    stock(home, "Echo", use=3, category="education")
    home.gallery.moderation.decide(stock(home, "Gone").id, "down", "Why", By(True))
    app = shown()
    assert list(app.dataframe[0].value["GPT"]) == ["Echo"]
    app.button(key="insights_own").click().run()
    assert "1 GPTs" in said(app)
    assert list(app.dataframe[-1].value["Category"]) == ["education"]
    app.session_state["insights_question"] = "ratings"
    app.run()
    assert "Nothing found." in said(app)


def test_a_builder_is_verified_by_email(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", "open sesame, my keys")
    home.gallery.builders.change("", "Ann", "", "")
    assert not [each for each in shown().text_input if each.key == "builder_mail"], "nothing can be sent from here"
    with smtp_sink() as sink:
        home.mail_changed(
            MailAccount(address="me@here.example", server="127.0.0.1", port=sink.port, security="none")
        )
        app = shown()
        app.text_input(key="builder_mail").set_value("ann@school.example").run()
        app.button(key="builder_send_code").click().run()
        (mail,) = sink.mails
    code = re.search(r"\d{6}", mail.get_content())
    assert code
    app.text_input(key="builder_code").set_value("000 00").run()
    app.button(key="builder_confirm").click().run()
    assert "This isn’t the code." in said(app)
    app.text_input(key="builder_code").set_value(code[0]).run()
    app.button(key="builder_confirm").click().run()
    assert [each.value for each in app.success] == ["Verified: by an email address at school.example"]
