"""Mail folders, from the page: made with a password that is shown nowhere, and what failed is run again."""

import pytest
from streamlit.testing.v1 import AppTest
from tests.imap_server import Imap
from tests.services.test_mail_folders import box_of
from tests.test_batches import ECHO

from flowloom.errors import Problem
from flowloom.flow.model import Flow
from flowloom.workspace import Workspace


def mail_page() -> None:
    from flowloom.ui.runs.mail_folders import draw_mail_folders

    draw_mail_folders()


@pytest.fixture
def flow(home: Workspace) -> Flow:
    return home.flows.create(ECHO)


def opened() -> AppTest:
    return AppTest.from_function(mail_page, default_timeout=30).run()


def said(app: AppTest) -> str:
    assert not app.exception
    parts = (*app.markdown, *app.caption, *app.success, *app.warning, *app.error, *app.info)
    return "\n".join(str(part.value) for part in parts)


def made(home: Workspace, flow: Flow) -> str:
    """One that nothing is read of."""
    id = home.mail_folders.store.add(flow.id, "{{text}}", box_of(Imap(port=9)), 5, 4e9)
    home.secrets.set(f"mail folder {id}", "hunter2")
    return id


def test_one_is_made_and_its_password_is_shown_nowhere(home: Workspace, flow: Flow) -> None:
    home.runner.hold()  # nothing is read
    app = opened()
    app.text_input(key="mail_host").set_value(" 127.0.0.1 ")
    app.text_input(key="mail_user").set_value("ada@example.org")
    app.text_input(key="mail_password").set_value("hunter2")
    app.button(key="mail_add").click().run()
    (folder,) = home.mail_folders.store.all()
    assert (folder.box.host, folder.box.port, folder.box.folder) == ("127.0.0.1", 993, "INBOX")
    assert home.secrets.reveal(f"mail folder {folder.id}") == "hunter2"
    assert "hunter2" not in said(app)
    assert "ada@example.org" in said(app)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"mail_message": ""}, "Write what it shall be asked"),
        ({"mail_host": ""}, "Fill in the server"),
        ({"mail_host": "a b"}, "Fill in the server"),
        ({"mail_user": "a\r\nb"}, "Fill in the server"),
        ({"mail_password": ""}, "Enter the password"),
    ],
)
def test_what_is_missing_is_said_and_nothing_kept(
    home: Workspace, flow: Flow, fields: dict[str, str], told: str
) -> None:
    app = opened()
    given = {"mail_host": "127.0.0.1", "mail_user": "ada", "mail_password": "hunter2", **fields}
    for key, value in given.items():
        field = app.text_area(key=key) if key == "mail_message" else app.text_input(key=key)
        field.set_value(value)
    app.button(key="mail_add").click().run()
    assert told in said(app)
    assert home.mail_folders.store.all() == []


def test_what_failed_is_listed_and_run_again(home: Workspace, flow: Flow) -> None:
    id = made(home, flow)
    home.mail_folders.store.claim(id, 7, 3, "Broken *lamp*", 1.0)
    home.mail_folders.store.went(id, 7, 3, "", Problem.of("x", "The model is out.", "Try again."))
    app = opened()
    assert "lamp" in said(app)
    assert "The model is out" in said(app)
    app.button(key=f"mail_again:{id}:7:3").click().run()
    assert not app.exception


def test_it_is_switched_off_and_deleted_with_its_password(home: Workspace, flow: Flow) -> None:
    id = made(home, flow)
    app = opened()
    app.toggle(key=f"mail_on:{id}:True").set_value(False).run()
    assert not home.mail_folders.store.get(id).active  # type: ignore[union-attr]
    assert "switched off" in said(app)
    app.button(key=f"mail_delete:{id}").click().run()
    assert home.mail_folders.store.all() == []
    assert not home.secrets.has(f"mail folder {id}")
