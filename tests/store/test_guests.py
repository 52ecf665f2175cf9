"""What visitors say is theirs: no list of the app shows it, and what is remembered of one reaches no other."""

import pytest

from flowloom.errors import NodeError, StoreError
from flowloom.kinds.consents import Sending
from flowloom.kinds.values import Reader
from flowloom.store.publications import Terms
from flowloom.store.runs import PAGE, Guest
from flowloom.store.templates import templates
from flowloom.workspace import open_workspace

pytestmark = pytest.mark.usefixtures("kept_in")

ANN, BOB = Guest("ann", PAGE), Guest("bob", PAGE)


@pytest.fixture
def home(tmp_path):
    found = open_workspace(tmp_path)
    yield found
    found.close()


@pytest.fixture
def flow(home):
    (template,) = [each for each in templates() if each.flow.id == "translator"]
    return home.intake.create_from_template(template)


def asked(home, flow, guest):
    conversation = home.runs.new_conversation(flow.id, Reader(), visitor=guest.visitor, via=guest.via)
    run = home.runner.start(flow, "A secret wish", conversation)
    home.runner.finished(run)
    return conversation, run


def test_a_visitor_sees_their_own_conversations_only(home, flow):
    conversation, _ = asked(home, flow, ANN)
    assert [each.id for each in home.runs.conversations(flow.id, guest=ANN)] == [conversation]
    assert home.runs.conversations(flow.id, guest=BOB) == []


def test_no_list_of_the_app_shows_what_a_visitor_said(home, flow):
    conversation, run = asked(home, flow, ANN)
    assert home.runs.conversations(flow.id) == []
    assert home.runs.latest_conversation(flow.id) is None
    assert home.runner.latest(flow.id) is None
    assert home.ledger.entries([flow.id]) == []
    assert home.ledger.entries([flow.id], search="secret") == []
    assert home.ledger.entry(run) is None
    assert home.conversation_search.near(flow.id, "A secret wish") == []
    assert home.runs.guest_of(conversation) == ANN


def test_a_branch_of_a_conversation_stays_the_visitors(home, flow):
    conversation, _ = asked(home, flow, ANN)
    branch = home.runs.branch(conversation, home.runs.turns(conversation)[-1].number)
    assert home.runs.guest_of(branch) == ANN


def test_what_is_remembered_of_one_visitor_reaches_no_other(home, flow):
    ours = home.runs.new_conversation(flow.id)
    hers, his = (asked(home, flow, guest)[0] for guest in (ANN, BOB))
    home.runs.facts_of(hers, flow.id).set("city", "Lyon", here=False)
    home.runs.facts_of(ours, flow.id).set("city", "Oslo", here=False)
    assert home.runs.facts_of(hers, flow.id).all() == {"city": "Lyon"}
    assert home.runs.facts_of(his, flow.id).all() == {}
    assert home.runs.facts_of(ours, flow.id).all() == {"city": "Oslo"}
    assert [fact.value for fact in home.memory.facts()] == ["Oslo"]


def test_memory_of_a_visitor_is_bounded_and_keeps_no_key(home, flow):
    facts = home.runs.facts_of(asked(home, flow, ANN)[0], flow.id)
    with pytest.raises(StoreError, match="looks like a key"):
        facts.set("token", "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789", here=True)
    for number in range(100):
        facts.set(f"fact {number}", number, here=True)
    facts.set("fact 1", "again", here=True)
    with pytest.raises(StoreError) as full:
        facts.set("one more", 1, here=True)
    assert full.value.problem.code == "memory.full"


def test_a_visitor_decides_on_no_host(home, flow):
    hers, ours = asked(home, flow, ANN)[0], home.runs.new_conversation(flow.id)
    sending = Sending(to="api.example.com", what="?")
    guests, owners = (home.runner.services(flow.id, each).consents for each in (hers, ours))
    assert owners.verdict(sending) is None
    with pytest.raises(NodeError, match="isn’t allowed to send anything"):
        guests.verdict(sending)
    guests.keep(sending.to, True)
    assert owners.verdict(sending) is None
    owners.keep(sending.to, True)
    assert guests.verdict(sending) is True


def test_custom_instructions_of_the_owner_are_for_the_owner(home, flow):
    from flowloom.services.custom_instructions import CustomInstructions, save_custom_instructions

    save_custom_instructions(home.home, CustomInstructions(about="I am the head teacher"))
    hers, ours = asked(home, flow, ANN)[0], home.runs.new_conversation(flow.id)
    assert "head teacher" in home.runner.services(flow.id, ours).custom_instructions
    assert home.runner.services(flow.id, hers).custom_instructions == ""


GRANTED = ("wikipedia.org", "desk@school.example", "api.example.com")


@pytest.mark.parametrize(
    ("granted", "sending", "may"),
    [
        (GRANTED, Sending(to="wikipedia.org", what="?"), True),
        (GRANTED, Sending(to="en.wikipedia.org", what="?"), True),
        (GRANTED, Sending(to="api.example.com:8443", what="?"), True),
        (GRANTED, Sending(to="evilwikipedia.org", what="?"), False),
        (GRANTED, Sending(to="wikipedia.org.evil.example", what="?"), False),
        (GRANTED, Sending(to="example.com", what="?"), False),
        (GRANTED, Sending(to="desk@school.example", what="?"), True),
        (GRANTED, Sending(to="desk@school.example, other@evil.example", what="?"), False),
        (GRANTED, Sending(to="other@wikipedia.org", what="?"), False),
        (GRANTED, Sending(to="news.example", what="?", opens_page=True), False),
        (("any web address",), Sending(to="news.example", what="?", opens_page=True), True),
        (("any web address",), Sending(to="news.example", what="?"), False),
        (("email",), Sending(to="a@b.example", what="?"), True),
        ((), Sending(to="wikipedia.org", what="?"), False),
    ],
)
def test_what_it_was_published_with_may_be_sent_to(home, flow, granted, sending, may):
    home.publications.publish(flow, "words", Terms(hosts=granted))
    consents = home.runner.services(flow.id, asked(home, flow, ANN)[0]).consents
    if may:
        assert consents.verdict(sending)
    else:
        with pytest.raises(NodeError):
            consents.verdict(sending)


def test_what_the_owner_forbade_stays_forbidden(home, flow):
    home.publications.publish(flow, "words", Terms(hosts=("wikipedia.org",)))
    home.consents.keep(flow.id, "wikipedia.org", False)
    with pytest.raises(NodeError):
        home.runner.services(flow.id, asked(home, flow, ANN)[0]).consents.verdict(
            Sending(to="wikipedia.org", what="?")
        )
