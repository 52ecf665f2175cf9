"""The page Knowledge: a base is made, filled, asked, cut otherwise and deleted."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from tests.services.test_site import StaticSite, page
from tests.ui.test_documents import BAD, rows_of, said
from tests.ui.test_pages import labelled, open_page

from flowloom.flow.model import Flow
from flowloom.kinds.values import SHARED
from flowloom.services.knowledge.crawls import Crawl
from flowloom.services.knowledge.shared import SharedBase
from flowloom.workspace import Workspace

HOURS = b"# Hours\n\nThe workshop opens at nine.\n\n# Prices\n\nA repair costs forty francs."


def knowledge_page() -> None:
    from flowloom.ui.pages import knowledge

    knowledge.show()


def block_page() -> None:
    import streamlit as st

    from flowloom.ui.block.inspector import draw_inspector
    from flowloom.workspace import workspace

    draw_inspector(workspace().editor.open(st.session_state["gpt"]), ["search"])


@pytest.fixture
def base(home: Workspace) -> SharedBase:
    return home.shared.create("Workshop")


@pytest.fixture
def filled(home: Workspace, base: SharedBase) -> SharedBase:
    home.knowledge.add(base.key, "hours.md", HOURS)
    home.knowledge.add(base.key, "bees.md", b"Bees make honey in June. The workshop has none.")
    home.knowledge.set_tags(base.key, "bees.md", ["garden"])
    return base


def open_base(base: SharedBase, part: str = "documents") -> AppTest:
    return open_page(knowledge_page, base=base.id, **{f"base_part:{base.id}": part})


def searching(home: Workspace, base: SharedBase, name: str = "Helper") -> Flow:
    node = {"id": "search", "kind": "knowledge.search", "config": {"knowledge": f"{SHARED}{base.id}"}}
    return home.flows.create(Flow.model_validate({"name": name, "nodes": [node]}))


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
@pytest.mark.parametrize("part", ["documents", "question", "cutting"])
def test_every_part_is_drawn_in_every_language(filled: SharedBase, part: str, language: str) -> None:
    app = open_page(knowledge_page, base=filled.id, language=language, **{f"base_part:{filled.id}": part})
    assert not app.exception
    assert not app.error


def test_an_empty_page_teaches(home: Workspace) -> None:
    app = open_page(knowledge_page)
    assert not app.exception
    assert "1. " in said(app.markdown)


def test_a_base_is_made_and_opened(home: Workspace) -> None:
    app = open_page(knowledge_page)
    labelled(app.text_input, "Name").input("Workshop")
    labelled(app.button, "Create").click().run()
    made = home.shared.all()
    assert [each.name for each in made] == ["Workshop"]
    assert app.session_state["base"] == made[0].id


def test_a_name_that_is_taken_is_refused(home: Workspace, base: SharedBase) -> None:
    app = open_page(knowledge_page)
    app.text_input(key="base_name").input("workshop")
    labelled(app.button, "Create").click().run()
    assert "already" in said(app.error)
    assert len(home.shared.all()) == 1


def test_a_card_says_what_is_in_it_and_who_uses_it(home: Workspace, filled: SharedBase) -> None:
    home.shared.set_tags(filled.id, ["shop"])
    searching(home, filled)
    app = open_page(knowledge_page)
    assert "2 documents" in said(app.caption)
    assert "Used by Helper" in said(app.markdown)
    assert "shop" in said(app.markdown)


def test_a_base_is_renamed(home: Workspace, base: SharedBase) -> None:
    app = open_base(base)
    labelled(app.menu_button, "More").click("details").run()
    labelled(app.text_input, "Name").input("Garage").run()
    assert home.shared.get(base.id).name == "Garage"
    assert "Garage" in said(app.title)


def test_deleting_asks_first_and_names_who_searches_it(home: Workspace, filled: SharedBase) -> None:
    searching(home, filled)
    app = open_base(filled)
    labelled(app.menu_button, "More").click("delete").run()
    assert "Helper" in said(app.warning)
    labelled(app.button, "Cancel").click().run()
    assert home.shared.all()
    assert not app.warning
    labelled(app.menu_button, "More").click("delete").run()
    labelled(app.button, "Delete permanently").click().run()
    assert not home.shared.all()
    assert "Workshop" in said(app.success)
    assert not app.exception


def test_pasted_text_becomes_a_document(home: Workspace, base: SharedBase) -> None:
    app = open_base(base)
    assert app.info  # nothing is in it yet
    labelled(app.text_input, "Document name").input("Opening hours v1.2")
    labelled(app.text_area, "Text").input(HOURS.decode())
    labelled(app.button, "Add text").click().run()
    assert home.knowledge.text(base.key, "Opening hours v1.2.md") == HOURS.decode()
    assert "2 passages" in rows_of(app)[0]
    assert labelled(app.text_area, "Text").value == ""


def test_text_without_a_name_is_refused(home: Workspace, base: SharedBase) -> None:
    app = open_base(base)
    labelled(app.text_area, "Text").input("Something")
    labelled(app.button, "Add text").click().run()
    assert "name" in said(app.error)
    assert labelled(app.text_area, "Text").value == "Something"


def test_a_bad_file_is_named(home: Workspace, base: SharedBase) -> None:
    app = open_base(base)
    app.file_uploader[0].upload(*BAD).run()
    assert "moved.pdf" in said(app.error)
    assert not rows_of(app)


def test_a_file_is_tagged_and_removed(home: Workspace, filled: SharedBase) -> None:
    app = open_base(filled)
    app.multiselect(key=f"file_tags:{filled.id}:hours.md").set_value(["garden"]).run()
    assert {file.name: file.tags for file in home.knowledge.files(filled.key)}["hours.md"] == ("garden",)
    app.button(key=f"forget:{filled.key}:bees.md").click().run()
    assert ["hours.md" in row and "garden" in row for row in rows_of(app)] == [True]


def asked(app: AppTest, question: str) -> str:
    labelled(app.text_input, "Question").input(question).run()
    assert not app.exception
    return said(app.markdown)


def test_a_question_shows_what_is_found_and_why(filled: SharedBase) -> None:
    app = open_base(filled, "question")
    assert "**1. hours.md, Hours**" in asked(app, "When does the workshop open?").replace("\\", "")
    assert "workshop" in said(app.caption)
    assert "by words" in said(app.caption)
    assert not any(text.value.startswith("#") for text in app.text)


def test_a_question_is_asked_of_some_documents_only(filled: SharedBase) -> None:
    app = open_base(filled, "question")
    labelled(app.multiselect, "With these tags").set_value(["garden"]).run()
    found = asked(app, "When does the workshop open?")
    assert "bees.md" in found
    assert "hours.md" not in found


def test_what_is_not_there_is_not_found(filled: SharedBase) -> None:
    app = open_base(filled, "question")
    asked(app, "xylophone")
    assert "Use words from the documents, or remove a filter" in said(app.info)


@pytest.mark.parametrize(
    ("language", "told", "marked"),
    [
        ("en", "this isn’t in the documents", "a GPT won’t use it"),
        ("fr", "les documents n’en parlent pas", "un GPT ne l’utilisera pas"),
        ("zh", "文档里没有这方面的内容", "GPT 不会用它"),
    ],
)
def test_what_hardly_fits_is_shown_as_that(filled: SharedBase, language: str, told: str, marked: str) -> None:
    app = open_page(knowledge_page, language=language, base=filled.id, **{f"base_part:{filled.id}": "question"})
    app.text_input(key=f"question_text:{filled.id}").input("How tall is the teacher?").run()
    assert told in said(app.info)
    assert marked in said(app.caption)
    app.text_input(key=f"question_text:{filled.id}").input("When is honey made?").run()
    assert told not in said(app.info)
    assert app.caption[-1].value.count(marked) <= 1


def test_cutting_is_seen_before_it_is_done(home: Workspace, base: SharedBase) -> None:
    home.knowledge.add(base.key, "long.txt", b"One sentence stands here. " * 40)
    before = home.knowledge.files(base.key)[0].passages
    app = open_base(base, "cutting")
    labelled(app.number_input, "Characters per passage").set_value(100).run()
    labelled(app.number_input, "Overlap in characters").set_value(0).run()
    assert home.knowledge.files(base.key)[0].passages == before
    shown = next(text.value for text in app.caption if "the longest" in text.value)
    labelled(app.button, "Split all documents like this").click().run()
    after = home.knowledge.files(base.key)[0].passages
    assert after > before
    assert shown.startswith(f"{after} passages")
    assert labelled(app.button, "Split all documents like this").disabled


@pytest.fixture
def site(home: Workspace) -> Iterator[StaticSite]:
    with StaticSite() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        home.own_hosts.allow(f"127.0.0.1:{server.server_port}")
        yield server
        server.stopped.set()
        home.crawls.close()
        server.shutdown()


def read_site(home: Workspace, base: SharedBase, address: str) -> tuple[AppTest, Crawl]:
    app = open_base(base)
    labelled(app.text_input, "Address").input(address)
    labelled(app.button, "Add website").click().run()
    crawl = home.crawls.of(base.key)
    assert crawl
    return app, crawl


def test_a_site_becomes_documents(home: Workspace, base: SharedBase, site: StaticSite) -> None:
    site.pages = {"/": page("bees", "/honey", "/gone"), "/honey": page("honey")}
    app, crawl = read_site(home, base, site.url)
    crawl.wait(20)
    app.run()
    assert not app.exception
    assert len(rows_of(app)) == 2
    assert "2 new or changed, 0 unchanged, 1 couldn’t be read" in said(app.info)
    assert "/gone" in said(app.error)


def test_a_site_is_cancelled(home: Workspace, base: SharedBase, site: StaticSite) -> None:
    def slow(handler: Any) -> None:
        site.stopped.wait(20)

    site.pages = {"/": page("bees", "/slow"), "/slow": slow}
    app, crawl = read_site(home, base, site.url)
    labelled(app.button, "Cancel").click().run()
    crawl.wait(10)
    assert crawl.state == "cancelled"
    assert "Cancelled" in said(app.run().info)


def test_an_address_that_is_none_is_said(home: Workspace, base: SharedBase, site: StaticSite) -> None:
    app, crawl = read_site(home, base, "http://127.0.0.1:1/private")
    crawl.wait(10)
    assert crawl.state == "failed"
    assert "127.0.0.1" in said(app.run().error)
    assert labelled(app.text_input, "Address").value == "http://127.0.0.1:1/private"


def test_a_base_that_is_gone_leads_back_to_the_others(home: Workspace, base: SharedBase) -> None:
    home.shared.delete(base.id)
    app = open_base(base)
    assert "no longer exists" in said(app.error)
    assert app.title[0].value == "Knowledge"


def test_the_block_leads_to_the_page(home: Workspace, filled: SharedBase) -> None:
    flow = searching(home, filled)
    app = open_page(block_page, gpt=flow.id)
    labelled(app.button, "Open in Knowledge").click().run()
    assert app.session_state["base"] == filled.id
    assert app.session_state["going"] == "knowledge"


def test_what_waits_for_a_shared_base_is_read_before_a_gpt_answers(home: Workspace, base: SharedBase) -> None:
    from flowloom.ui.knowledge.documents import read_uploads

    flow = searching(home, base)
    home.ingest.put(base.key, [("hours.md", HOURS)])
    home.ingest.put("another/main", [("hours.md", HOURS)])
    assert home.searched.bases_waiting_for(flow) == [base.key]
    read_uploads(home.searched.bases_waiting_for(flow))
    assert home.knowledge.files(base.key)
    assert home.ingest.bases() == ["another/main"]
