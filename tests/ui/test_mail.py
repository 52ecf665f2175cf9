"""Settings, E-mail: an address and a password are enough, and what is kept is never shown again."""

import pytest
from streamlit.testing.v1 import AppTest
from tests.smtp_sink import smtp_sink
from tests.ui.test_pages import labelled, open_settings

from flowloom.services.mail.settings import PASSWORD
from flowloom.workspace import Workspace


@pytest.fixture(autouse=True)
def _own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", "open sesame, my keys")


def set_up(address: str) -> AppTest:
    app = open_settings("tools")
    labelled(app.text_input, "Your email address").input(address)
    labelled(app.text_input, "Password").input("hunter2-but-longer")
    labelled(app.button, "Save email account").click().run()
    return app


def test_a_well_known_provider_needs_no_server(home: Workspace) -> None:
    app = set_up("anna@gmail.com")
    assert home.mailer.account.server == "smtp.gmail.com"
    assert home.secrets.reveal(PASSWORD) == "hunter2-but-longer"
    assert "hunter2" not in str([field.value for field in app.text_input])
    labelled(app.button, "Remove account").click().run()
    assert home.mailer.account.address == ""
    assert not home.secrets.has(PASSWORD)


def test_what_is_no_address_is_said_and_nothing_kept(home: Workspace) -> None:
    app = set_up("anna")
    assert "isn’t an email address" in app.error[0].value
    assert home.mailer.account.address == ""
    assert not home.secrets.has(PASSWORD)


def test_the_server_is_changed_and_tested(home: Workspace) -> None:
    app = set_up("anna@school.example")
    labelled(app.text_input, "Port").set_value("many").run()
    assert "A port is a number, such as 465" in app.error[0].value
    with smtp_sink() as sink:
        labelled(app.text_input, "Port").set_value(str(sink.port)).run()
        labelled(app.text_input, "Server").set_value("127.0.0.1").run()
        labelled(app.selectbox, "Security").select("none").run()
        home.secrets.delete(PASSWORD)
        labelled(app.button, "Send a test email").click().run()
        assert not app.error
        assert [mail["To"] for mail in sink.mails] == ["anna@school.example"]
        assert "Check your inbox" in app.success[0].value
