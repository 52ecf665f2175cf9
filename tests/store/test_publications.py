"""What is published is kept with all its versions, each under a name that no other has."""

import pytest

from flowloom.errors import StoreError
from flowloom.flow.model import Flow
from flowloom.store.opening import open_database
from flowloom.store.publications import Publication, PublicationStore, Terms

pytestmark = pytest.mark.usefixtures("kept_in")


@pytest.fixture
def store(tmp_path):
    db = open_database(tmp_path / "flowloom.db")
    yield PublicationStore(db)
    db.close()


def published(flow="a", slug="trips", version=1, live=True, **terms):
    return Publication(flow, slug, version, live, Terms(**terms))


def test_what_is_kept_comes_back(store):
    kept = published(audience="me", may_copy=True, origins=("https://school.example",))
    store.put(kept)
    assert store.of("a") == store.at("trips") == kept
    assert store.live() == [kept]


def test_a_name_belongs_to_one_gpt(store):
    store.put(published())
    with pytest.raises(StoreError) as refused:
        store.put(published(flow="b"))
    assert refused.value.problem.code == "publish.taken"
    assert store.of("b") is None


def test_another_name_frees_the_first(store):
    store.put(published())
    store.put(published(slug="journeys"))
    store.put(published(flow="b"))
    assert store.at("trips").flow == "b"
    assert store.at("journeys").flow == "a"


def test_versions_are_numbered_and_never_change(store):
    first = Flow(id="a", name="First")
    assert store.add_version(first, "for the open day") == 1
    assert store.add_version(Flow(id="a", name="Second")) == 2
    assert [(each.number, each.note) for each in store.versions("a")] == [(2, ""), (1, "for the open day")]
    assert store.load("a", 1) == first


def test_a_version_that_is_not_there_is_said(store):
    with pytest.raises(StoreError, match="no longer exists"):
        store.load("a", 1)


def test_nothing_is_left_of_a_deleted_gpt(store):
    store.add_version(Flow(id="a"))
    store.put(published())
    store.delete_of("a")
    assert store.of("a") is None
    assert not store.versions("a")
