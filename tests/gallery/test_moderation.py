"""From a report to a decision, a notice and an appeal; and what people are told of what was taken down."""

import pytest

from flowloom.errors import FlowloomError
from flowloom.gallery.moderation import By
from flowloom.publishing import PublishError
from flowloom.visits.pace import Pace, PaceError
from flowloom.visits.visitors import new_token
from flowloom.workspace import Workspace
from tests.gallery.stocking import stock

pytestmark = pytest.mark.usefixtures("kept_in")

ADMIN, NOBODY = By(True, "ada", "Ada"), By(False)


def report(
    home: Workspace, flow: str, person: str = "p", kind: str = "harmful", text: str = "", at: str = ""
) -> None:
    home.gallery.moderation.report(flow, person, kind, text, address=at, pace=home.visits.pace)


def test_a_report_is_decided_told_appealed_and_taken_back(home: Workspace) -> None:
    moderation = home.gallery.moderation
    flow = stock(home, "Echo", owner="ben")
    report(home, flow.id, text="It is rude.")
    report(home, flow.id, text="It is rude, really.")
    report(home, flow.id, person="q", kind="copy")
    assert [each.text for each in moderation.reports()[flow.id]] == ["It is rude, really.", ""]
    decision = moderation.decide(flow.id, "down", "It insults people.", ADMIN)
    assert moderation.reports() == {}
    (notice,) = moderation.notices("ben")
    assert (notice.what, notice.reason, notice.who) == ("down", "It insults people.", "Ada")
    assert moderation.notices("somebody else") == []
    with pytest.raises(FlowloomError, match="isn’t about a GPT of yours"):
        moderation.appeal(decision.id, "cy", "No!")
    moderation.appeal(decision.id, "ben", "It only quotes them.")
    with pytest.raises(FlowloomError, match="already"):
        moderation.appeal(decision.id, "ben", "Again!")
    assert (moderation.waiting(), moderation.strikes("ben")) == (1, 1)
    moderation.restore(flow.id, ADMIN)
    assert (moderation.waiting(), moderation.strikes("ben")) == (0, 0)
    assert home.publications.find("echo").flow.id == flow.id


def test_a_decision_that_is_upheld_stays(home: Workspace) -> None:
    moderation = home.gallery.moderation
    flow = stock(home, "Echo", owner="ben")
    decision = moderation.decide(flow.id, "warned", "Say that it is no doctor.", ADMIN)
    moderation.appeal(decision.id, "ben", "It does.")
    moderation.uphold(decision, ADMIN)
    assert moderation.waiting() == 0
    assert moderation.strikes("ben") == 0
    assert home.publications.find("echo")


def test_a_takedown_in_the_middle_of_a_conversation(home: Workspace) -> None:
    flow = stock(home, "Echo", owner="ben")
    visit = home.visits.enter("echo", token := new_token())
    chat = visit.begin()
    home.runner.finished(visit.say(chat, "Hello"))
    home.gallery.moderation.decide(flow.id, "down", "It insults people.", ADMIN)
    for act in (
        lambda: visit.say(chat, "Are you there?"),
        lambda: visit.again(chat),
        lambda: visit.begin(),
        lambda: visit.attach(chat, "a.txt", "text/plain", b"a"),
        lambda: home.visits.find("echo", caller=home_caller()),
        lambda: home.publications.find("echo"),
    ):
        with pytest.raises(PublishError, match="taken down by whoever looks after the store: It insults people"):
            act()
    back = home.visits.enter("echo", token)
    assert [turn.text for turn in back.standing(chat).turns] == ["Hello", "Hello"]
    assert "Hello" in back.told_all("json", "en")
    back.delete_all()
    assert back.conversations() == []


def home_caller():  # type: ignore[no-untyped-def]
    from flowloom.visits.visitors import STRANGER

    return STRANGER


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda m, f: m.decide(f, "down", "Why", NOBODY), "Only whoever looks after"),
        (lambda m, f: m.decide(f, "down", "  ", ADMIN), "no reason"),
        (lambda m, f: m.decide(f, "down", "x" * 2_001, ADMIN), "too long"),
        (lambda m, f: m.restore(f, NOBODY), "Only whoever looks after"),
        (lambda m, f: m.report(f, "p", "boring", "", address="", pace=Pace()), "Choose what is wrong"),
        (lambda m, f: m.report(f, "p", "other", "", address="", pace=Pace()), "no reason"),
    ],
)
def test_what_is_refused(home: Workspace, act, message: str) -> None:  # type: ignore[no-untyped-def]
    flow = stock(home, "Echo")
    with pytest.raises(FlowloomError, match=message):
        act(home.gallery.moderation, flow.id)
    assert home.publications.find("echo")


def test_a_flood_of_reports_is_slowed_down(home: Workspace) -> None:
    flow = stock(home, "Echo")
    for number in range(5):
        report(home, flow.id, person=f"p{number}", at="192.0.2.1")
    with pytest.raises(PaceError):
        report(home, flow.id, person="p9", at="192.0.2.1")


def test_all_of_it_is_in_the_log_of_a_team(home: Workspace) -> None:
    account = home.team.accounts.add("ada", "Ada", "admin", "")
    by = By(True, account.id, account.shown)
    flow = stock(home, "Echo", owner=account.id)
    report(home, flow.id)
    decision = home.gallery.moderation.decide(flow.id, "down", "Rude.", by)
    home.gallery.moderation.appeal(decision.id, account.id, "No.")
    home.gallery.moderation.restore(flow.id, by)
    home.gallery.feature(flow.id, True, by)
    told = {(deed.what, deed.who, deed.about) for deed in home.team.deeds.all(99)}
    assert told >= {
        ("store_reported", "", "echo"),
        ("store_down", "Ada", "echo"),
        ("store_appealed", "Ada", "echo"),
        ("store_restored", "Ada", "echo"),
        ("store_featured", "Ada", "echo"),
    }
