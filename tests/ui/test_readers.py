"""Who may read a document is said beside it, and a GPT is talked to as somebody else."""

from streamlit.testing.v1 import AppTest
from tests.ui.test_pages import labelled

from flowloom.intake import MAIN
from flowloom.kinds.values import Reader
from flowloom.store.templates import templates
from flowloom.workspace import Workspace


def readers_page(gpt: str) -> None:
    from flowloom.ui.knowledge.documents import draw_documents
    from flowloom.ui.knowledge.readers import draw_chat_as, draw_who_reads
    from flowloom.workspace import workspace

    draw_documents(f"{gpt}/main")
    draw_chat_as(workspace().flows.load(gpt))
    draw_who_reads(gpt)


def test_a_document_is_kept_for_a_group_and_tried_as_somebody_else(home: Workspace) -> None:
    helper = next(each for each in templates() if each.id == "knowledge-helper")
    flow = home.intake.create_from_template(helper)
    base = f"{flow.id}/{MAIN}"
    name = home.knowledge.files(base)[0].name
    app = AppTest.from_function(readers_page, kwargs={"gpt": flow.id}, default_timeout=30)
    app.session_state["language"] = "en"
    app.run()
    assert not [each for each in app.expander if each.label == "Chat as someone else"]
    app.multiselect(key=f"file_readers:{base}:{name}").set_value(["teachers", " "]).run()
    assert home.knowledge.files(base)[0].groups == ("teachers",)
    labelled(app.button, "Start").click().run()
    assert any("The GPT only finds what everyone can read" in said.value for said in app.caption)
    labelled(app.multiselect, "Member of").select("teachers").run()
    labelled(app.button, "Start").click().run()
    assert any("members of teachers" in said.value for said in app.caption)
    conversation = app.session_state[f"conversation:{flow.id}"]
    assert home.runs.reader_of(conversation) == Reader(groups=("teachers",))
    app.multiselect(key=f"file_readers:{base}:{name}").set_value([]).run()
    assert home.knowledge.files(base)[0].groups == ()
    assert not app.exception
