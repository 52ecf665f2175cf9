"""The rules of a workspace where things are done: asking models, reaching hosts, sharing, bringing in, keeping."""

import io
import time
from collections.abc import Callable, Iterator

import pytest

from flowloom.errors import FlowloomError
from flowloom.file_exchange import take_in
from flowloom.flow.file import write_flow
from flowloom.flow.model import Flow
from flowloom.people.problems import PeopleError
from flowloom.run.reading.view import RunView
from flowloom.services.connections.settings import Connection
from flowloom.services.models.settings import Provider
from flowloom.services.web.settings import WebSettings
from flowloom.spending import BUILDING
from flowloom.store.publications import Terms
from flowloom.workspace import Workspace
from tests.loopback import Sink, settings_of
from tests.openai_server import OpenAIServer, Say
from tests.people.conftest import _cheap_hashes  # noqa: F401
from tests.run.test_needs_model import flow_of
from tests.test_consents import made, post
from tests.test_visits import ECHO
from tests.workspace_staff import Staff, staff_of

BOTH = pytest.mark.usefixtures("kept_in")
"""In a file and in PostgreSQL."""
TEACHERS, NOBODY = {"groups": ("teachers",)}, {"groups": ()}
DAY = 86_400.0


@pytest.fixture
def staff(home: Workspace) -> Staff:
    return staff_of(home)


@pytest.fixture
def server(home: Workspace) -> Iterator[OpenAIServer]:
    with OpenAIServer() as found:
        found.default = Say("one two three")
        home.models_changed(settings_of(found))
        yield found


def ask(staff: Staff, flow: Flow, message: str = "Hello") -> RunView:
    run = staff.home.runner.start(flow, message, staff.home.runs.new_conversation(flow.id))
    return staff.home.runner.finished(run)


# -- models


def with_model(model: str) -> Flow:
    flow = flow_of("{{message}}")
    nodes = (
        node.model_copy(update={"config": node.config | {"model": model}}) if node.id == "x" else node
        for node in flow.nodes
    )
    return flow.model_copy(update={"nodes": tuple(nodes)})


@pytest.mark.parametrize("name", ["loopback", "loopback/m"])
@pytest.mark.parametrize("model", ["default", "loopback/m"])
def test_a_model_is_asked_only_for_those_who_may(staff: Staff, server: OpenAIServer, name: str, model: str) -> None:
    staff.rules(models={name: TEACHERS})
    flow = with_model(model)
    assert ask(staff, staff.gpt("ben", flow)).text == "one two three"
    asked = len(server.requests)
    view = ask(staff, staff.gpt("cy", flow))
    assert view.problem
    assert (view.problem.code, len(server.requests)) == ("rules.model", asked)
    assert "loopback/m" in view.problem.describe().message


def test_a_model_that_may_not_stand_in_does_not(staff: Staff, server: OpenAIServer) -> None:
    home = staff.home
    with OpenAIServer() as other:
        dear = Provider(id="dear", kind="compatible", base_url=other.url, models=("m",))
        settings = home.models.settings.with_provider(dear)
        home.models_changed(settings.model_copy(update={"fallbacks": {"default": ("dear/m",)}}))
        staff.rules(models={"dear": NOBODY})
        server.default = Say(status=500)
        view = ask(staff, staff.gpt("ben", flow_of("{{message}}")))
        assert (view.state, other.requests) == ("failed", [])


def test_describing_a_gpt_asks_no_model_that_its_builder_may_not(staff: Staff, server: OpenAIServer) -> None:
    staff.rules(models={"loopback": TEACHERS})
    for who, may in (("cy", False), ("ben", True)):
        staff.home.team.act(lambda who=who: staff.people[who])  # type: ignore[misc]
        purse = staff.home.allowances.purse_of(BUILDING)
        if may:
            assert purse.allowed("default") == "default"
        else:
            with pytest.raises(FlowloomError) as error:
                purse.allowed("default")
            assert error.value.problem.code == "rules.model"


# -- hosts


def test_a_host_is_reached_only_by_gpts_of_those_who_may(staff: Staff, sink: Sink) -> None:
    flow = made(staff.home, {"h": post(sink)}, "m.message>h.note h.text>z.text")
    staff.home.team.owners.give("gpt", flow.id, staff.people["cy"].id)
    staff.home.consents.keep(flow.id, sink.host, True)
    for hosts, state in (((), "failed"), ((sink.host,), "finished")):
        staff.rules(connect=TEACHERS, hosts=hosts)
        view = ask(staff, flow)
        assert view.state == state, view.problem
    assert len(sink.got) == 1
    assert ask(staff, flow).state == "finished"


# -- sharing and bringing in


@pytest.mark.parametrize(("audience", "may"), [("me", True), ("workspace", True), ("link", False)])
def test_publishing_changing_and_going_back_ask_the_rules(staff: Staff, audience: str, may: bool) -> None:
    home = staff.home
    flow = staff.gpt("cy", audience="me")
    staff.rules(publish_outside=TEACHERS)
    terms = Terms.model_validate({"audience": audience})
    for call in (
        lambda: home.publications.publish(flow, "cy", terms),
        lambda: home.publications.change(flow.id, "cy", terms),
    ):
        assert refused(call) is not may
    if not may:
        staff.rules()
        home.publications.publish(flow, "cy", terms)
        staff.rules(publish_outside=TEACHERS)
        assert refused(lambda: home.publications.roll_back(flow.id, 1))


def test_keys_and_addresses_for_programs_are_for_those_who_share_outside(staff: Staff) -> None:
    home = staff.home
    staff.rules(publish_outside=TEACHERS)
    for who, may in (("cy", False), ("ben", True)):
        flow = staff.gpt(who)
        assert refused(lambda flow=flow: home.api_keys.make("k", flow.id)) is not may  # type: ignore[misc]
        assert refused(lambda flow=flow: home.hooks.add(flow.id, "x")) is not may  # type: ignore[misc]
        assert len(home.hooks.store.of(flow.id)) == len(home.api_keys.of(flow.id)) == may


def refused(call: Callable[[], object]) -> bool:
    try:
        call()
    except PeopleError:
        return True
    return False


def test_a_file_from_outside_is_taken_in_only_from_those_who_may(staff: Staff) -> None:
    home, file = staff.home, write_flow(ECHO).encode()
    staff.rules(bring_in=TEACHERS)
    for who, may in (("cy", False), ("ben", True), ("ada", True)):
        home.team.act(lambda who=who: staff.people[who])  # type: ignore[misc]
        before = len(home.flows.entries())
        assert refused(lambda: take_in(home, io.BytesIO(file))) is not may
        assert len(home.flows.entries()) == before + may


# -- how long what was said is kept


@BOTH
def test_what_was_said_goes_after_its_days_and_what_is_newer_stays(staff: Staff) -> None:
    home = staff.home
    short, usual = staff.gpt("ben"), staff.gpt("cy")
    staff.rules(keep_days=30)
    home.team.console.keep(staff.people["ada"], short.id, 7, "Echo")
    chats = {(slug, age): staff.says("dee", f"{slug} {age}", slug) for slug in ("ben", "cy") for age in (1, 10, 40)}
    for (_, age), chat in chats.items():
        age_by(home, chat, age)
    resumed = staff.says("dee", "again")
    home._db.do("UPDATE conversations SET started = ? WHERE id = ?", time.time() - 90 * DAY, resumed)
    home.sweep.forget_old()
    left = {key for key, chat in chats.items() if home.runs.turns(chat)}
    assert left == {("ben", 1), ("cy", 1), ("cy", 10)}
    assert home.runs.turns(resumed), "what goes on is not old"
    runs = {
        flow.id: home._db.one("SELECT count(*) FROM runs WHERE flow = ?", flow.id)[0] for flow in (short, usual)
    }
    assert runs == {short.id: 2, usual.id: 2}


def age_by(home: Workspace, chat: str, days: int) -> None:
    at = time.time() - days * DAY
    home._db.do("UPDATE conversations SET started = ? WHERE id = ?", at, chat)
    home._db.do("UPDATE runs SET started = ? WHERE conversation = ?", at, chat)


def test_without_days_nothing_goes(staff: Staff) -> None:
    flow = staff.gpt("ben")
    chat = staff.chats(flow, "long ago")
    age_by(staff.home, chat, 4_000)
    staff.home.sweep.all()
    assert staff.home.runs.turns(chat)


def test_a_sweep_comes_by_itself(staff: Staff) -> None:
    home = staff.home
    chat = staff.chats(staff.gpt("ben"), "long ago")
    age_by(home, chat, 40)
    staff.rules(keep_days=30)
    home.sweep.begin(first=0.0)
    end = time.monotonic() + 20
    while home.runs.turns(chat) and time.monotonic() < end:
        time.sleep(0.01)
    assert not home.runs.turns(chat)


# -- use by group


@BOTH
def test_answers_count_for_the_groups_of_whoever_asked(staff: Staff) -> None:
    home = staff.home
    flow, other = staff.gpt("ben", audience="link"), staff.gpt("cy")
    staff.says("dee", "x")
    staff.chats(flow, "as its owner, a teacher")
    staff.chats(other, "as Cy, who is in no group")
    visit = home.visits.enter("ben", home.visits.new_visitor("192.0.2.9"))
    home.runner.finished(visit.say(visit.begin(), "as a stranger"))
    use = home.team.console.use
    assert {each.name: each.asked for each in use.of(use.month())} == {
        "group:teachers": 2,
        "group:pupils": 1,
        "none": 1,
        "outside": 1,
    }
    assert use.months() == [use.month()]


# -- leaving


def test_accounts_elsewhere_go_with_whoever_leaves(staff: Staff) -> None:
    home, ben = staff.home, staff.people["ben"]
    connection = home.connections.keep(
        Connection(name="Mine", kind="bearer", server="https://api.example.org"), "k3y"
    )
    home.team.owners.give("connection", connection.id, ben.id)
    folder = home.belongings.folder_of(ben.id)
    folder.mkdir(parents=True)
    home.team.delete(staff.people["ada"], ben)
    assert home.connections.settings.find(connection.id) is None
    assert not home.secrets.has(connection.secret)
    assert not folder.exists()


# -- the log of settings


def test_settings_are_logged_by_name_and_never_what_is_in_them(staff: Staff) -> None:
    home = staff.home
    home.team.act(lambda: staff.people["ada"])
    home.models_changed(home.models.settings.model_copy(update={"monthly": {"": 77.5}}))
    home.web_changed(WebSettings(searxng="https://search.example.org"))
    home.own_hosts.allow("nas:5000")
    home.own_hosts.forget("nas:5000")
    home.secrets.set("acme", "sk-very-secret")
    home.secrets.delete("acme")
    home.team.act(lambda: None)
    home.secrets.set("by itself", "renewed-token")
    told = [(each.who, each.about) for each in home.team.deeds.all(20, what=("settings_changed",))]
    assert {("Ada", "models: monthly"), ("Ada", "web search: searxng")} <= set(told)
    assert [about for _, about in told].count("keys: acme") == 2
    assert {"local network: + nas:5000", "local network: − nas:5000"} <= {about for _, about in told}
    assert not any("secret" in about or "77.5" in about or "by itself" in about for _, about in told)


def test_without_a_team_there_is_no_log(home: Workspace) -> None:
    home.own_hosts.allow("nas:5000")
    home.secrets.set("acme", "sk-very-secret")
    assert home.team.deeds.all(9) == []


@BOTH
def test_the_log_leaves_whole_also_where_much_happened_at_one_moment(staff: Staff) -> None:
    deeds = staff.home.team.deeds
    rows = [(f"{number:032x}", 5.0, "", "Eve", "sign_in", str(number), "") for number in range(25)]
    with staff.home._db.transaction():
        staff.home._db.do_all("INSERT INTO deeds VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    told = [each.about for each in deeds.every(page=10) if each.who == "Eve"]
    assert sorted(told, key=int) == [str(number) for number in range(25)]
