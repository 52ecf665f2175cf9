"""Addresses for other programs, from the page: the key is shown once, and what failed says why."""

import pytest
from streamlit.testing.v1 import AppTest
from tests.test_batches import ECHO

from flowloom.errors import Problem
from flowloom.flow.model import Flow
from flowloom.workspace import Workspace


def hooks_page() -> None:
    from flowloom.ui.runs.hooks import draw_hooks

    draw_hooks()


@pytest.fixture
def flow(home: Workspace) -> Flow:
    return home.flows.create(ECHO)


def opened() -> AppTest:
    return AppTest.from_function(hooks_page, default_timeout=30).run()


def said(app: AppTest) -> str:
    assert not app.exception
    parts = (*app.markdown, *app.caption, *app.code, *app.success, *app.warning, *app.error, *app.info)
    return "\n".join(str(part.value) for part in parts)


def test_the_key_of_an_address_is_shown_once(home: Workspace, flow: Flow) -> None:
    app = opened()
    app.text_area(key="hook_message").set_value("New: {{title}}")
    app.button(key="hook_add").click().run()
    (hook,) = home.hooks.store.all()
    key = home.secrets.reveal(f"webhook {hook.id}")
    assert hook.message == "New: {{title}}"
    assert key in said(app)
    assert f"/hooks/{hook.id}" in said(app)
    app.button(key="hook_copied").click().run()
    assert key not in said(app)
    assert f"/hooks/{hook.id}" in said(app)


def test_it_is_switched_off_and_deleted_with_its_key(home: Workspace, flow: Flow) -> None:
    id, _ = home.hooks.add(flow.id, "{{body}}")
    app = opened()
    app.toggle(key=f"hook_on:{id}:True").set_value(False).run()
    assert not home.hooks.store.get(id).active  # type: ignore[union-attr]
    app.button(key=f"hook_delete:{id}").click().run()
    assert home.hooks.store.all() == []
    assert not home.secrets.has(f"webhook {id}")


def test_what_failed_says_why(home: Workspace, flow: Flow) -> None:
    id, _ = home.hooks.add(flow.id, "{{body}}")
    home.hooks.store.keep(id, "call", "", Problem.of("x", "The model is out.", "Try again."))
    assert "The model is out" in said(opened())


def test_without_a_gpt_or_a_message_there_is_no_address(home: Workspace) -> None:
    assert "Make a GPT first" in said(opened())
    home.flows.create(ECHO)
    app = opened()
    app.text_area(key="hook_message").set_value(" ")
    app.button(key="hook_add").click().run()
    assert "Write what it shall be asked" in said(app)
    assert home.hooks.store.all() == []
