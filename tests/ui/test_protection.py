"""What a GPT may not hand out, and the rehearsal, as a person meets them under Configure."""

from streamlit.testing.v1 import AppTest
from tests.ui.test_pages import configure_page, labelled, open_page

from flowloom.rehearsal import Rehearsal
from flowloom.store.templates import templates
from flowloom.workspace import Workspace


def open_rehearsal(home: Workspace) -> AppTest:
    template = next(template for template in templates("en") if template.id == "knowledge-helper")
    gpt = home.intake.create_from_template(template).id
    return open_page(configure_page, gpt=gpt, **{f"rehearsal:{gpt}:shown": True})


def ended(home: Workspace, app: AppTest) -> Rehearsal:
    found = home.rehearsals.find(app.session_state[f"rehearsal:{app.session_state['gpt']}"])
    assert found
    assert found.future
    found.future.result(timeout=120)
    return found


def captions(app: AppTest) -> str:
    return " ".join(caption.value for caption in app.caption)


def test_a_second_rehearsal_shows_what_the_protection_is_worth(home: Workspace) -> None:
    app = open_rehearsal(home)
    labelled(app.button, "Start leak test").click().run()
    first = ended(home, app)
    app.run()
    assert f"Grade {first.grade}" in app.error[0].value
    assert "Turn on the protection above, then test again" in captions(app)
    for switch in ("Protect the documents", "Protect the instructions"):
        labelled(app.toggle, switch).set_value(True).run()
    assert "The protection has changed since" in captions(app)
    labelled(app.button, "Test again").click().run()
    second = ended(home, app)
    app.run()
    assert not app.exception
    assert second is not first
    assert "Grade A" in app.success[0].value
    assert "The protection has changed since" not in captions(app)
