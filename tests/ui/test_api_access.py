"""Keys for programs: made, shown once, told apart, revoked; and code to paste that fits the address."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from flowloom.api_keys import ApiKeyError
from flowloom.store.publications import Terms
from flowloom.store.templates import templates
from flowloom.workspace import Workspace


def page() -> None:
    import streamlit as st

    from flowloom.ui.gpt.api_access import draw_api_access

    draw_api_access(st.session_state["flow"], "words-and-more")


@pytest.fixture
def flow_id(home: Workspace) -> str:
    flow = home.intake.create_from_template(next(each for each in templates() if each.id == "translator"))
    home.publications.publish(flow, "words-and-more", Terms())
    return flow.id


def opened(flow_id: str, language: str = "en") -> AppTest:
    app = AppTest.from_function(page, default_timeout=30)
    app.session_state["language"], app.session_state["flow"] = language, flow_id
    return app.run()


def press(app: AppTest, key: str) -> AppTest:
    (button,) = [each for each in app.button if each.key and each.key.startswith(key)]
    button.click().run()
    assert not app.exception
    return app


def shown_key(app: AppTest) -> str:
    return next((each.value for each in app.code if each.value.startswith("fl_") and len(each.value) > 20), "")


def made(flow_id: str) -> tuple[AppTest, str]:
    app = opened(flow_id)
    app.text_input(key="api_key_name").set_value("School *website*").run()
    app.number_input(key="api_key_money").set_value(2.5).run()
    press(app, "api_key_make")
    return app, shown_key(app)


def test_a_key_is_shown_once_and_opens_the_gpt(home: Workspace, flow_id: str) -> None:
    app, plain = made(flow_id)
    found = home.api_keys.open(plain)
    assert (found.flow, found.facts.requests_a_minute, found.facts.money_a_month) == (flow_id, 60, 2.5)
    press(app, "api_key_copied")
    assert shown_key(app) == ""
    assert plain not in str([each.value for each in (*app.markdown, *app.code, *app.caption)])
    listed = " ".join(each.value for each in app.markdown)
    assert f"fl_…{plain[-4:]}" in listed
    assert "School \\*website\\*" in listed
    assert "never used" not in listed


def test_a_revoked_key_is_gone_and_opens_nothing(home: Workspace, flow_id: str) -> None:
    app, plain = made(flow_id)
    press(app, "api_key_copied")
    press(app, "api_key_revoke")
    with pytest.raises(ApiKeyError, match="revoked"):
        home.api_keys.open(plain)
    assert not [each for each in app.button if each.key and each.key.startswith("api_key_revoke")]


def test_a_key_needs_a_name_and_something_it_may_do(home: Workspace, flow_id: str) -> None:
    app = press(opened(flow_id), "api_key_make")
    assert "which one to revoke" in app.warning[0].value
    app.text_input(key="api_key_name").set_value("x").run()
    app.multiselect(key="api_key_scopes").set_value([]).run()
    press(app, "api_key_make")
    assert "may do nothing" in "".join(each.value for each in (*app.error, *app.warning, *app.markdown))
    assert home.api_keys.of(flow_id) == []


def test_the_code_to_paste_names_the_gpt(flow_id: str) -> None:
    curl, python, javascript, mcp = [each.value for each in opened(flow_id).code]
    for code in (curl, python, javascript):
        assert '"words-and-more"' in code
        assert "/v1" in code
    compile(python, "example", "exec")
    assert json.loads(mcp)["mcpServers"]["words-and-more"]["url"].endswith("/mcp/words-and-more")
    assert json.loads(curl.rpartition("-d '")[2].removesuffix("'"))["model"] == "words-and-more"


@pytest.mark.parametrize(("language", "words"), [("zh", "密钥"), ("fr", "clé")])
def test_it_speaks_the_language_of_the_person(flow_id: str, language: str, words: str) -> None:
    app = opened(flow_id, language)
    assert not app.exception
    assert words in app.markdown[0].value


def test_an_assistant_that_was_let_in_is_listed_and_disconnected(home: Workspace, flow_id: str) -> None:
    by_us, by_ann = (home.api_keys.connect("Scribe *x*", flow_id, by=by) for by in ("", "Ann"))
    app = opened(flow_id)
    listed = [each.value for each in app.markdown if "Scribe" in each.value]
    assert [("by you" in each, "by Ann" in each) for each in sorted(listed, key=lambda told: "Ann" in told)] == [
        (True, False),
        (False, True),
    ]
    assert all("fl_…" not in each and "\\*x\\*" in each for each in listed)
    (button,) = [each for each in app.button if each.key == f"api_key_revoke:{by_us.id}"]
    assert button.label == "Disconnect it"
    button.click().run()
    assert [key.id for key in home.api_keys.of(flow_id)] == [by_ann.id]
