"""GPTs in the store, reviewed as far as a trial does not ask about the review itself."""

from typing import Any

from flowloom.flow.model import Flow
from flowloom.store.publications import Terms
from flowloom.workspace import Workspace
from tests.test_visits import ECHO


def stock(home: Workspace, name: str, *, owner: str = "", flow: Flow = ECHO, use: int = 0, **terms: Any) -> Flow:
    """A GPT in the store under its name, used by so many people today."""
    more = {key: terms.pop(key) for key in ("description", "language", "starters") if key in terms}
    found = home.flows.create(flow.model_copy(update={"name": name} | more))
    if owner:
        home.team.owners.give("gpt", found.id, owner)
    reviews = home.gallery._reviewed
    reviews.keep(found.id, home.gallery.reviews.digest(found), "passed", ())
    home.publications.publish(found, name, Terms(audience="store", **terms))
    for person in range(use):
        home.gallery.use.note(found.id, f"person {person}")
    home.gallery.catalogue.look_again()
    return found
