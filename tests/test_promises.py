"""What the page about chats says, sentence by sentence, each with what proves it."""

import json
import time
from collections.abc import Callable
from threading import Thread

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from flowloom.locales import translate
from flowloom.people.promises import BACKUPS, KEPT_FOR, KEPT_ON, PROMISES, promises
from flowloom.people.sessions import Place
from flowloom.serve.page.routes import page_routes
from flowloom.serve.team.chats_page import ADDRESS
from flowloom.store.backups import DAYS
from flowloom.visits.visitors import VisitError
from flowloom.workspace import Workspace
from tests.kept_in import tables_of
from tests.loopback import Sink, settings_of
from tests.openai_server import OpenAIServer, Say
from tests.people.conftest import _cheap_hashes  # noqa: F401
from tests.run.test_needs_model import flow_of
from tests.serve.team.test_openid import browser_of
from tests.test_consents import made, post
from tests.test_visits import SECRET
from tests.workspace_staff import PASSWORD, Staff, staff_of

PLACE = Place("192.0.2.1")


@pytest.fixture
def staff(home: Workspace) -> Staff:
    return staff_of(home)


def what_a_builder_sees(staff: Staff, flow: str) -> str:
    """All that the lists and logs of the app tell of a GPT to whoever it belongs to."""
    home = staff.home
    runs = [home.ledger.entry(each.id) for each in home.ledger.entries([flow])]
    told = [home.runs.conversations(flow), runs, home.runs.latest_run(flow), home.runs.latest_conversation(flow)]
    told += [home.shared_conversations.entries(flow), home.questions.open()]
    return str(told)


def everything(home: Workspace) -> str:
    """All that is kept."""
    return str([home._db.all(f"SELECT * FROM {table}") for table in tables_of(home._db)])


def no_builder_reads_it(staff: Staff) -> None:
    flow = staff.gpt("ben")
    chat = staff.says("dee", SECRET)
    assert SECRET not in what_a_builder_sees(staff, flow.id)
    assert not staff.home.visits.records.is_shared(chat)
    staff.visit("dee").share(chat)
    assert SECRET in str(
        [staff.home.runs.turns(each.id) for each in staff.home.shared_conversations.entries(flow.id)]
    )


def no_admin_reads_it(staff: Staff) -> None:
    chat = staff.says("dee", SECRET) if staff.gpt("ben") else ""
    ada, home = staff.people["ada"], staff.home
    with pytest.raises(VisitError):
        staff.visit("ada").standing(chat)
    assert not home.team.may_build(ada, "gpt", staff.found().flow.id)
    for form in ("csv", "jsonl"):
        assert SECRET not in signed_in(staff, "ada").get(f"/people/log/{form}").text
    before = signed_in(staff, "dee")
    assert before.get("/account").status_code == 200
    home.team.joining.reset(home.team.joining.reset_link(ada, staff.people["dee"]), "another kite over it", PLACE)
    assert before.get("/account").status_code == 403
    assert ("Ada", "Dee") in [(each.who, each.about) for each in home.team.deeds.all(9, what=("reset_link",))]


def whoever_runs_the_server_has_it(staff: Staff) -> None:
    staff.gpt("ben")
    staff.says("dee", SECRET)
    assert SECRET in everything(staff.home)


def nothing_is_learned_from_it(staff: Staff) -> None:
    home = staff.home
    with OpenAIServer() as server:
        server.default = Say("Aye")
        home.models_changed(settings_of(server))
        flow = staff.gpt("ben", flow_of("{{message}}"))
        before = learned(home)
        staff.says("dee", SECRET)
        assert learned(home) == before
        asked = json.dumps([each.body for each in server.requests])
        assert SECRET in asked
        assert not any(each.body.get("store") for each in server.requests), "nothing is kept there to train on"
        staff.says("cy", "Hello", "ben")
        assert SECRET not in json.dumps(server.requests[-1].body)
    assert home.flows.load(flow.id) == flow


def learned(home: Workspace) -> dict[str, int]:
    """How much there is of all that GPTs learn from, are tried on or remember."""
    tables = ("datasets", "dataset_versions", "cassettes", "model_calls", "experiments", "facts", "visitor_facts")
    return {table: home._db.one(f"SELECT count(*) FROM {table}")[0] for table in tables}


def it_goes_to_the_model_and_to_named_hosts(staff: Staff) -> None:
    home = staff.home
    with OpenAIServer() as server, Sink() as sink:
        Thread(target=sink.serve_forever, daemon=True).start()
        server.default = Say("Aye")
        home.models_changed(settings_of(server))
        home.own_hosts.allow(sink.host)
        staff.gpt("cy", flow_of("{{message}}"))
        staff.says("dee", SECRET, "cy")
        assert SECRET in json.dumps([each.body for each in server.requests])
        sends = made(home, {"h": post(sink)}, "m.message>h.note h.text>z.text")
        named = home.hosts_of(staff.gpt("ben", sends))
        staff.says("dee", SECRET)
        assert sink.got == [], "nobody allowed it"
        found = staff.found()
        home.publications.change(found.flow.id, "ben", found.publication.terms.model_copy(update={"hosts": named}))
        staff.says("dee", SECRET)
        assert SECRET in str(sink.got)
        assert named == (sink.host,)
        sink.shutdown()


def it_is_downloaded_and_deleted(staff: Staff) -> None:
    staff.gpt("ben")
    staff.says("dee", SECRET)
    visit = staff.visit("dee")
    assert SECRET in visit.told_all("md", "en")
    visit.delete_all()
    assert SECRET not in everything(staff.home)


def a_new_owner_reads_nothing_of_before(staff: Staff) -> None:
    team, ada = staff.home.team, staff.people["ada"]
    flow = staff.gpt("ben")
    staff.says("dee", SECRET)
    own = staff.chats(flow, f"{SECRET} of Ben")
    for hand_on in (
        lambda: team.give(ada, flow.id, staff.people["cy"], "Echo"),
        lambda: team.hand_over(ada, staff.people["cy"], staff.people["ben"]),
        lambda: team.delete(ada, staff.people["ben"], staff.people["cy"], keep_chats=True),
    ):
        hand_on()
        assert SECRET not in what_a_builder_sees(staff, flow.id)
    assert staff.home.runs.turns(own), "it is kept, and nobody’s to read"
    with pytest.raises(VisitError):
        staff.visit("cy", "ben").standing(own)


def chats_go_with_the_account(staff: Staff) -> None:
    team, ada = staff.home.team, staff.people["ada"]
    flow = staff.gpt("ben")
    staff.says("dee", SECRET)
    staff.chats(flow, f"{SECRET} of Ben")
    team.delete(ada, staff.people["dee"])
    assert f"{SECRET} of Ben" in everything(staff.home)
    assert f"'{SECRET}'" not in everything(staff.home)
    team.delete(ada, staff.people["ben"], staff.people["cy"])
    assert SECRET not in everything(staff.home)


def the_log_holds_no_words(staff: Staff) -> None:
    staff.gpt("ben")
    staff.says("dee", SECRET)
    staff.home.team.act(lambda: staff.people["ada"])
    staff.home.secrets.set("acme", f"{SECRET}-key")
    told = staff.home.team.deeds.all(99)
    assert SECRET not in str(told)
    assert {"joined", "settings_changed"} <= {each.what for each in told}
    staff.home._db.do("UPDATE deeds SET at = ? WHERE what = 'joined'", time.time() - 401 * 86_400)
    staff.home._db.do("UPDATE deeds SET at = ? WHERE what = 'set_up'", time.time() - 399 * 86_400)
    staff.home.team.deeds.forget_old()
    left = {each.what for each in staff.home.team.deeds.all(99)}
    assert ("joined" in left, "set_up" in left) == (False, True)


def groups_are_counted_and_people_are_not(staff: Staff) -> None:
    staff.gpt("ben")
    staff.says("dee", SECRET)
    kept = str(staff.home._db.all("SELECT * FROM group_use"))
    assert "teachers" in kept
    dee = staff.people["dee"]
    assert not any(word in kept for word in (SECRET, dee.id, dee.name, "'Dee'"))


def it_goes_after_its_days(staff: Staff) -> None:
    staff.gpt("ben")
    staff.rules(keep_days=30)
    chat = staff.says("dee", SECRET)
    for age, stays in ((29, True), (31, False)):
        for table, key in (("conversations", "id"), ("runs", "conversation")):
            at = time.time() - age * 86_400
            staff.home._db.do(f"UPDATE {table} SET started = ? WHERE {key} = ?", at, chat)
        staff.home.sweep.all()
        assert (SECRET in everything(staff.home)) is stays


def it_stays_until_somebody_deletes_it(staff: Staff) -> None:
    staff.gpt("ben")
    chat = staff.says("dee", SECRET)
    staff.home._db.do("UPDATE conversations SET started = 1 WHERE id = ?", chat)
    staff.home._db.do("UPDATE runs SET started = 1 WHERE conversation = ?", chat)
    staff.home.sweep.all()
    assert staff.home.runs.turns(chat)


def backups_go_after_a_week(staff: Staff) -> None:
    folder = staff.home.home / "backups"
    folder.mkdir(exist_ok=True)
    for day in range(10, 20):
        (folder / f"flowloom-2020-01-{day}.sqlite").write_bytes(b"")
    staff.home.backups.make()
    assert len(staff.home.backups.all()) == DAYS


PROOFS: dict[str, Callable[[Staff], None]] = dict(
    zip(
        [each.text for each in PROMISES],
        [
            no_builder_reads_it,
            no_admin_reads_it,
            whoever_runs_the_server_has_it,
            nothing_is_learned_from_it,
            it_goes_to_the_model_and_to_named_hosts,
            it_is_downloaded_and_deleted,
            a_new_owner_reads_nothing_of_before,
            chats_go_with_the_account,
            the_log_holds_no_words,
            groups_are_counted_and_people_are_not,
        ],
        strict=True,
    )
) | {
    KEPT_FOR: it_goes_after_its_days,
    KEPT_ON: it_stays_until_somebody_deletes_it,
    BACKUPS: backups_go_after_a_week,
}
"""Each sentence of the page, and what proves it."""


@pytest.mark.parametrize("sentence", PROOFS)
def test_each_sentence_is_true(staff: Staff, sentence: str) -> None:
    PROOFS[sentence](staff)


def test_the_page_says_what_is_proven_and_nothing_else(staff: Staff) -> None:
    for days in (None, 30):
        staff.rules(keep_days=days)
        page = TestClient(browser_of(staff.home).app, base_url="http://localhost:8501").get(ADDRESS).text
        told = [each for each in page.split("<li>")[1:]]
        said = promises(days)
        assert [each.text for each in said if each.text not in PROOFS] == []
        assert [each.partition("</li>")[0] for each in told] == [
            translate(each.text, "en", **each.numbers) for each in said
        ]


def test_a_gpt_with_days_of_its_own_is_named_to_those_who_use_it(staff: Staff) -> None:
    flow = staff.gpt("ben")
    staff.home.team.console.keep(staff.people["ada"], flow.id, 3, "Echo")
    assert "are deleted 3 days after" in signed_in(staff, "dee").get(ADDRESS).text
    assert "are deleted 3 days after" not in browser_of(staff.home).get(ADDRESS).text


def test_the_page_of_a_gpt_says_how_long_what_is_said_is_kept(staff: Staff) -> None:
    staff.gpt("ben", audience="link")
    browser = TestClient(Starlette(routes=page_routes(lambda: staff.home)), base_url="http://localhost:8501")
    said = translate(KEPT_FOR, "en", days=30)
    assert said not in browser.get("/gpt/ben").text
    staff.rules(keep_days=30)
    assert said in browser.get("/gpt/ben").text


def signed_in(staff: Staff, who: str) -> TestClient:
    return browser_of(staff.home, staff.home.team.sessions.sign_in(who, PASSWORD, PLACE))
