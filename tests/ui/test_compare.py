"""Runs side by side as a person meets them."""

import pytest
from streamlit.testing.v1 import AppTest
from tests.test_reruns import LINE, again
from tests.ui.test_pages import labelled
from tests.ui.test_runs import ask, drawn, gpt, open_runs, runs_page

from flowloom.flow.edit import Configure, apply
from flowloom.workspace import Workspace


def compare(*runs: str, language: str = "en") -> AppTest:
    app = AppTest.from_function(runs_page, default_timeout=30)
    app.session_state["language"] = language
    app.query_params["compare"] = ",".join(runs)
    return app.run()


def two_runs(home: Workspace) -> tuple[str, str]:
    """A run, and the same again from a block whose prompt was changed."""
    flow = home.flows.create(LINE)
    run = ask(home, flow, "bees")
    changed = apply(flow, Configure(node="q", config={"template": "Three {{text}}"}))
    return run, again(home, run, changed, "q")[0]


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
def test_what_differs_is_shown_and_what_does_not_is_named(home: Workspace, language: str) -> None:
    app = compare(*two_runs(home), language=language)
    assert not app.exception
    assert [code.value for code in app.code] == ["Two One bees", "Three One bees"] * 2
    assert len(app.expander) == 2
    if language == "en":
        assert any(each.value.startswith("Same in all") for each in app.caption)


def test_a_run_of_the_comparison_is_opened_and_left(home: Workspace) -> None:
    one, other = two_runs(home)
    app = compare(one, other)
    app.button(key=f"open_run:{other}").click().run()
    assert not app.exception
    assert app.query_params["run"] == other
    labelled(app.button, "Comparison").click().run()
    assert [code.value for code in app.code][:1] == ["Two One bees"]
    labelled(app.button, "All runs").click().run()
    assert len(drawn(app)["rows"]) == 2


def test_a_repeated_run_leads_to_the_comparison_with_the_first(home: Workspace) -> None:
    one, other = two_runs(home)
    app = open_runs(other)
    assert [row["time"] == "" for row in drawn(app)["rows"]] == [True, True, False, False]
    app.button(key="compare_both").click().run()
    assert not app.exception
    assert app.query_params["compare"] == f"{one},{other}"
    assert len(app.expander) == 2


def test_runs_that_cannot_be_compared(home: Workspace) -> None:
    one, _ = two_runs(home)
    other = ask(home, gpt(home, "translator"), "Good morning")
    for runs in (["nothere"], [one], [one, one], [one, other], []):
        app = compare(*runs, "x")
        assert not app.exception
        assert app.info


def test_ticks_lead_to_a_comparison(home: Workspace) -> None:
    one, other = two_runs(home)
    third = ask(home, gpt(home, "translator"), "Good morning")
    app = open_runs()
    assert app.button(key="runs_compare").disabled
    app.session_state["runs_ticked"] = [one, "gone"]
    app.run()
    assert {row["id"]: (row["ticked"], row["may_tick"]) for row in drawn(app)["rows"]} == {
        one: (True, True),
        other: (False, True),
        third: (False, False),
    }
    app.session_state["runs_ticked"] = [one, other]
    app.run()
    app.button(key="runs_compare").click().run()
    assert app.query_params["compare"] == f"{one},{other}"
    labelled(app.button, "All runs").click().run()
    app.button(key="runs_untick").click().run()
    assert not any(row["ticked"] for row in drawn(app)["rows"])
