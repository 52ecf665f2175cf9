"""What a person sees of the search by meaning: the setting, how far a base is, and what stopped it."""

from collections.abc import Iterator

import pytest
from tests.services.test_renewals import Topics
from tests.ui.test_documents import said
from tests.ui.test_knowledge import knowledge_page
from tests.ui.test_pages import labelled, open_page, open_settings

from flowloom.errors import KnowledgeError
from flowloom.locales import translate
from flowloom.services.disk_failures import FULL
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.shared import SharedBase
from flowloom.services.knowledge.vector_journal import BATCH
from flowloom.services.models.settings import ModelSettings
from flowloom.workspace import Workspace

UNDER_WAY = "Preparing the search by meaning… You can search meanwhile."
STOPPED = (
    "Preparing the search by meaning stopped. It’s tried again automatically; until then, you can search as before."
)


@pytest.fixture
def base(home: Workspace) -> SharedBase:
    """A base of many passages that was made by words alone."""
    made = home.shared.create("Workshop")
    by_words = KnowledgeBases(home.knowledge.folder)
    text = "\n\n".join(f"Passage {number} is about {'honey ' * 130}" for number in range(BATCH + 1))
    assert by_words.add(made.key, "many.txt", text.encode()).passages > BATCH
    return made


@pytest.fixture
def held(home: Workspace) -> Iterator[Topics]:
    embedder = Topics("one")
    embedder.free.clear()
    yield embedder
    embedder.free.set()
    assert home.knowledge.renewals.wait()


@pytest.mark.parametrize("part", ["documents", "question"])
def test_the_page_says_that_the_search_is_being_prepared(
    home: Workspace, base: SharedBase, held: Topics, part: str
) -> None:
    home.knowledge.use(held)
    assert held.begun.wait(30)
    assert home.knowledge.renewal(base.key)
    app = open_page(knowledge_page, base=base.id, **{"language": "en", f"base_part:{base.id}": part})
    assert not app.exception
    assert [bar.proto.text for bar in app.get("progress")] == [UNDER_WAY]


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
def test_the_page_says_what_stopped_it(home: Workspace, base: SharedBase, held: Topics, language: str) -> None:
    held.fails_after, held.error = 0, KnowledgeError.from_problem(FULL)
    held.free.set()
    home.knowledge.use(held)
    assert home.knowledge.renewals.wait()
    app = open_page(knowledge_page, base=base.id, language=language)
    assert not app.exception
    assert translate(STOPPED, language) in said(app.caption)
    assert translate(FULL.message, language) in said(app.error)


def test_the_embedding_that_comes_with_it_is_the_first_choice(home: Workspace) -> None:
    app = open_settings("models")
    choice = labelled(app.selectbox, "Embedding model")
    assert choice.options[0] == "Built in (on this computer)"
    assert choice.value == ""
    assert not home.knowledge.matches_by_words
    home.models_changed(ModelSettings(embedding="gone/model"))
    home.models_changed(ModelSettings())
    assert not home.knowledge.matches_by_words
