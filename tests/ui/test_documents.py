"""Documents on their way into a knowledge base, as the form of a block shows them."""

from typing import Any

from streamlit.testing.v1 import AppTest
from tests.ui.test_pages import open_page

from flowloom.flow.model import Flow, Node
from flowloom.kinds.values import SHARED
from flowloom.workspace import Workspace

BASE = "a-gpt/main"
GOOD = ("bees.md", b"# Bees\n\nBees make honey in June and sleep in winter.")
BAD = ("moved.pdf", b"%PDF-1.7 and nothing that follows")


def documents_page() -> None:
    from flowloom.ui.knowledge.documents import draw_documents

    draw_documents("a-gpt/main")


def gone_base_panel() -> None:
    from flowloom.ui.block.inspector import draw_inspector
    from flowloom.workspace import workspace

    document = workspace().editor.open(workspace().flows.entries()[0].id)
    draw_inspector(document, ["search"])


def said(widgets: Any) -> str:
    return "\n".join(widget.value for widget in widgets)


def rows_of(app: AppTest) -> list[str]:
    return [text.value for text in app.markdown if "description:" in text.value]


def test_what_a_crash_left_behind_is_read(home: Workspace) -> None:
    home.ingest.put(BASE, [GOOD])
    app = open_page(documents_page)
    assert not app.exception
    assert [("bees.md" in row, "1 passage" in row) for row in rows_of(app.run())] == [(True, True)]
    assert not home.ingest.waiting(BASE)


def test_a_bad_file_is_named_and_the_rest_goes_on(home: Workspace) -> None:
    home.ingest.put(BASE, [BAD, GOOD])
    app = open_page(documents_page)
    assert "moved.pdf" in said(app.error)
    assert [file.name for file in home.knowledge.files(BASE)] == ["bees.md"]
    assert "moved.pdf" in said(app.run().error)  # until something else is given


def test_a_file_that_is_there_already_is_not_read_again(home: Workspace) -> None:
    app = open_page(documents_page)
    app.file_uploader[0].upload(GOOD[0], GOOD[1]).run()
    assert len(rows_of(app)) == 1
    assert not app.info
    app.file_uploader[0].upload(GOOD[0], GOOD[1]).run()
    assert "bees.md" in said(app.info)
    assert len(rows_of(app)) == 1


def test_many_files_are_drawn_as_one_asks_for_them(home: Workspace) -> None:
    for number in range(23):
        home.knowledge.add(BASE, f"{number:02}.txt", b"Some words")
    app = open_page(documents_page)
    assert len(rows_of(app)) == 20
    next(button for button in app.button if button.label == "Show more").click().run()
    assert len(rows_of(app)) == 23


def test_a_shared_base_that_is_gone_takes_no_documents(home: Workspace) -> None:
    base = home.shared.create("Handbook")
    node = Node(id="search", kind="knowledge.search", config={"knowledge": SHARED + base.id})
    home.flows.create(Flow(name="Test", nodes=(node,)))
    home.searched.delete_shared(base.id)
    app = open_page(gone_base_panel)
    assert not app.exception
    assert "This shared knowledge base no longer exists." in said(app.error)
    assert not app.file_uploader
    assert not home.knowledge.exists(base.key)
