"""What a visitor shares, whoever made the GPT can read as long as it is shared: that conversation, no more."""

import pytest

from flowloom.flow.model import Flow
from flowloom.store.publications import Terms
from flowloom.store.runs import PAGE, Guest
from flowloom.visits.visits import Visit
from flowloom.workspace import Workspace
from tests.test_visits import ANN, BOB, ECHO, SECRET, enter, everything, published, said

pytestmark = pytest.mark.usefixtures("kept_in")


@pytest.fixture
def flow(home: Workspace) -> Flow:
    return published(home, ECHO, "echo")


def shared(home: Workspace, visit: Visit, text: str = SECRET) -> str:
    chat = said(home, visit, text)
    visit.share(chat)
    return chat


def readable(home: Workspace, flow: Flow, chat: str) -> list[str]:
    """What whoever made the GPT can read of a conversation; both ways to it say the same."""
    turns = home.shared_conversations.turns(flow.id, chat)
    assert (chat in [each.id for each in home.shared_conversations.entries(flow.id)]) == bool(turns)
    return [turn.text for turn in turns]


def test_nothing_can_be_read_before_it_is_shared(home: Workspace, flow: Flow) -> None:
    assert readable(home, flow, said(home, enter(home))) == []


def test_what_is_shared_can_be_read_and_what_is_still_said_in_it(home: Workspace, flow: Flow) -> None:
    visit = enter(home)
    chat = shared(home, visit)
    assert readable(home, flow, chat) == [SECRET, SECRET]
    home.runner.finished(visit.say(chat, "more"))
    assert readable(home, flow, chat) == [SECRET, SECRET, "more", "more"]


def test_all_else_of_the_visitor_stays_theirs(home: Workspace, flow: Flow) -> None:
    visit = enter(home)
    chat, other = shared(home, visit), said(home, visit, "something else")
    of_bob = said(home, enter(home, BOB), "of Bob")
    assert readable(home, flow, chat)
    assert readable(home, flow, other) == readable(home, flow, of_bob) == []
    (entry,) = home.shared_conversations.entries(flow.id)
    assert visit.visitor not in str(entry)
    # The run holds what is remembered about them, so it stays where nobody looks.
    assert home.ledger.entries([flow.id]) == []
    assert home.runs.conversations(flow.id) == []
    assert home.runs.guest_of(chat).is_private


def test_what_the_visitor_took_back_is_not_shown(home: Workspace, flow: Flow) -> None:
    visit = enter(home)
    chat = shared(home, visit)
    home.runner.finished(visit.again(chat, text="Good day"))
    assert readable(home, flow, chat) == ["Good day", "Good day"]
    assert [each.title for each in home.shared_conversations.entries(flow.id)] == ["Good day"]


@pytest.mark.parametrize("ended", ["stopped", "deleted", "all deleted", "unpublished", "GPT deleted"])
def test_what_ends_it_ends_it_at_once(home: Workspace, flow: Flow, ended: str) -> None:
    visit = enter(home)
    chat = shared(home, visit)
    assert readable(home, flow, chat)
    match ended:
        case "stopped":
            visit.stop_sharing(chat)
        case "deleted":
            visit.delete(chat)
        case "all deleted":
            visit.delete_all()
        case "unpublished":
            home.publications.unpublish(flow.id)
        case _:
            home.flows.delete(flow.id)
            home._empty_bin(older_than=-1.0)
    assert readable(home, flow, chat) == []
    if "deleted" in ended:
        assert SECRET not in everything(home)


LINK, ME, ALL = Terms(), Terms(audience="me"), Terms(audience="workspace")
ANN_AND_BOB, PUPILS = Terms(audience="people", people=("ann", "bob")), Terms(audience="people", groups=("pupils",))
JUST_ANN = Terms(audience="people", people=("ann",))


@pytest.mark.parametrize(
    ("before", "after", "stays"),
    [
        (LINK, LINK.model_copy(update={"may_copy": True}), True),
        (ALL, ALL, True),
        (ALL, LINK, True),
        (JUST_ANN, ANN_AND_BOB, True),
        (JUST_ANN, ALL, True),
        (LINK, ME, False),
        (LINK, ALL, False),
        (LINK, ANN_AND_BOB, False),
        (ALL, ANN_AND_BOB, False),
        (ANN_AND_BOB, JUST_ANN, False),
        (ANN_AND_BOB, PUPILS, False),
    ],
)
def test_who_could_no_longer_end_it_shares_nothing(
    home: Workspace, flow: Flow, before: Terms, after: Terms, stays: bool
) -> None:
    chat = said(home, enter(home))
    home.publications.change(flow.id, "echo", before)
    home.visits.records.share(chat)
    home.publications.change(flow.id, "echo", after)
    assert bool(readable(home, flow, chat)) is stays
    home.publications.change(flow.id, "echo", LINK)
    assert bool(readable(home, flow, chat)) is stays, "nobody shares anew but the visitor"


def test_another_gpt_shows_nothing_of_it(home: Workspace, flow: Flow) -> None:
    chat = shared(home, enter(home))
    other = published(home, ECHO, "other", Terms())
    assert readable(home, other, chat) == []


def test_one_shared_twice_is_shared_once_and_the_last_one_is_first(home: Workspace, flow: Flow) -> None:
    visit = enter(home)
    first, second = shared(home, visit, "first"), shared(home, visit, "second")
    visit.share(first)
    assert [each.title for each in home.shared_conversations.entries(flow.id)] == ["second", "first"]
    visit.stop_sharing(first)
    visit.share(first)
    assert [each.id for each in home.shared_conversations.entries(flow.id)] == [first, second]


def test_one_in_which_nothing_was_said_is_in_no_list(home: Workspace, flow: Flow) -> None:
    visit = enter(home)
    chat = visit.begin()
    visit.share(chat)
    assert readable(home, flow, chat) == []


def test_a_branch_is_not_shared_with_what_it_comes_from(home: Workspace, flow: Flow) -> None:
    visit = enter(home)
    chat = shared(home, visit)
    branch = home.runs.branch(chat, home.runs.turns(chat)[-1].number)
    assert home.runs.guest_of(branch) == Guest(visit.visitor, PAGE)
    assert readable(home, flow, branch) == []
    assert ANN not in everything(home)
