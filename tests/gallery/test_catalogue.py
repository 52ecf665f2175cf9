"""What stands in the store is found by its words, by what it means, by shelf and by use."""

import pytest

from flowloom.gallery.catalogue import Shelf, names_of
from flowloom.gallery.moderation import By
from flowloom.store.publications import Terms
from flowloom.workspace import Workspace
from tests.gallery.stocking import stock

pytestmark = pytest.mark.usefixtures("kept_in")

ADMIN = By(True)
SHELF = {
    "trips": ("Plans journeys by train and books hotels for the holidays.", "en", "lifestyle"),
    "recettes": ("Propose des recettes de cuisine avec ce qui reste au frigo.", "fr", "lifestyle"),
    "proofs": ("Explains mathematical theorems step by step to students.", "en", "education"),
    "beds": ("Says which vegetables to plant in which month.", "en", "Gardening"),
}


@pytest.fixture
def shop(home: Workspace) -> Workspace:
    for name, (description, language, category) in SHELF.items():
        stock(home, name, description=description, language=language, category=category)
    return home


@pytest.mark.parametrize(
    ("wanted", "shelf", "said", "near"),
    [
        ("train journeys", Shelf(), ["trips"], []),
        ("cuisine", Shelf(), ["recettes"], []),
        ("Gardening", Shelf(), ["beds"], []),
        ("leçon de géométrie", Shelf(), [], ["proofs"]),
        ("学习数学", Shelf(), [], ["proofs"]),
        ("vacation travel", Shelf(), [], ["trips"]),
        ("train journeys", Shelf("education"), [], []),
        ("cuisine", Shelf("", "en"), [], []),
        ("", Shelf(), [], []),
        ("…!?", Shelf(), [], []),
    ],
)
def test_search_by_words_and_by_meaning(
    shop: Workspace, wanted: str, shelf: Shelf, said: list[str], near: list[str]
) -> None:
    by_words, by_meaning = shop.gallery.catalogue.search(wanted, shelf)
    assert names_of(by_words) == said
    assert names_of(by_meaning)[: len(near)] == near


def test_shelves_and_languages(shop: Workspace) -> None:
    catalogue = shop.gallery.catalogue
    assert catalogue.shelves() == [("education", 1), ("lifestyle", 2), ("Gardening", 1)]
    assert catalogue.languages() == ["en", "fr"]
    assert names_of(catalogue.ranked(Shelf("lifestyle", "fr"), 9)) == ["recettes"]


def test_leaderboard_featured_and_trending(shop: Workspace) -> None:
    catalogue = shop.gallery.catalogue
    flow = stock(shop, "loved", use=40, category="education")
    assert names_of(catalogue.ranked(Shelf("education"), 9)) == ["loved", "proofs"]
    assert names_of(catalogue.trending(Shelf(), 9)) == ["loved"]
    shop.gallery.feature(flow.id, True, ADMIN)
    assert names_of(catalogue.featured(Shelf(), 9)) == ["loved"]
    shop.gallery.feature(flow.id, False, ADMIN)
    assert catalogue.featured(Shelf(), 9) == []


def test_only_what_is_in_the_store_now_is_shown(shop: Workspace) -> None:
    catalogue, found = shop.gallery.catalogue, shop.gallery.catalogue.find
    trips, beds, proofs = (each.flow for each in map(found, ("trips", "beds", "proofs")) if each)
    shop.publications.change(trips, "trips", Terms(audience="link"))
    shop.gallery.moderation.decide(beds, "down", "Copied from a book.", ADMIN)
    shop.flows.delete(proofs)
    catalogue.look_again()
    assert names_of(catalogue.entries()) == ["recettes"]
    assert catalogue.search("vegetables")[0] == []


def test_vectors_are_kept_and_made_anew_for_what_changed(shop: Workspace) -> None:
    shop.gallery.catalogue.search("holidays")
    kept = dict(shop._db.all("SELECT flow, digest FROM store_vectors"))
    assert len(kept) == len(SHELF)
    entry = shop.gallery.catalogue.find("beds")
    assert entry
    changed = shop.flows.load(entry.flow).model_copy(update={"description": "Mends bicycles."})
    shop.gallery._reviewed.keep(entry.flow, shop.gallery.reviews.digest(changed), "passed", ())
    shop.publications.publish(changed, "beds", Terms(audience="store"))
    shop.gallery.catalogue.look_again()
    assert names_of(shop.gallery.catalogue.search("repair my bike")[1])[:1] == ["beds"]
    now = dict(shop._db.all("SELECT flow, digest FROM store_vectors"))
    assert {flow for flow in kept if now[flow] != kept[flow]} == {entry.flow}
