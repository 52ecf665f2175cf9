"""A page about one GPT while none is open: it offers the last ones, and a new one."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from flowloom.flow.model import Flow
from flowloom.workspace import Workspace


def build() -> None:
    from flowloom.ui.pages import build

    build.show()


def evaluate() -> None:
    from flowloom.ui.pages import evaluate

    evaluate.show()


def studio() -> None:
    from flowloom.ui.pages import studio

    studio.show()


def tuning() -> None:
    from flowloom.ui.pages import tuning

    tuning.show()


PAGES = [build, evaluate, studio, tuning]


def opened(page: Callable[[], None]) -> AppTest:
    app = AppTest.from_function(page, default_timeout=30)
    app.session_state["language"] = "en"
    app.run()
    assert not app.exception
    assert "No GPT is open" in app.info[0].value
    return app


def offered(app: AppTest) -> list[str]:
    return [str(button.label) for button in app.button if str(button.key).startswith("choose:")]


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_open_and_there_is_none(page: Callable[[], None], home: Workspace) -> None:
    app = opened(page)
    assert offered(app) == []
    app.button(key="choose_new").click().run()
    (entry,) = home.flows.entries()
    assert app.session_state["gpt"] == entry.id


@pytest.mark.parametrize("page", PAGES[1:])
def test_the_last_used_are_offered_on_the_same_page(page: Callable[[], None], home: Workspace) -> None:
    flows = [home.flows.create(Flow(name=f"GPT *{number}*")) for number in range(5)]
    home.shelf.opened(flows[0].id)
    app = opened(page)
    assert len(offered(app)) == 3
    assert "GPT \\*0\\*" in offered(app)[0]
    app.button(key=f"choose:{flows[0].id}").click().run()
    assert not app.exception
    assert app.session_state["gpt"] == flows[0].id
    assert "going" not in app.session_state
    assert not app.info or "No GPT is open" not in app.info[0].value
