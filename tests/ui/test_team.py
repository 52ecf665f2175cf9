"""The pages of a team: what is another's is not listed, opened or told, and settings for all are for admins."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from tests.people.conftest import _cheap_hashes  # noqa: F401
from tests.test_consents import made
from tests.ui.test_pages import UI

from flowloom.evaluation.rows import rows_typed
from flowloom.flow.model import Flow
from flowloom.intake import MAIN
from flowloom.kinds.people import Choice, Question
from flowloom.people.problems import NOT_YOURS
from flowloom.people.sessions import Place
from flowloom.people.team import Team
from flowloom.services.connections.settings import Connection
from flowloom.services.mail.folders import MailBox
from flowloom.store.accounts import Account
from flowloom.store.experiments import Arm, Chosen, ExperimentPlan, Tried
from flowloom.store.publications import Terms
from flowloom.ui import acting
from flowloom.ui.pages import settings
from flowloom.workspace import Workspace

PASSWORD, PLACE = "a kite over the harbour", Place()
SECRET = "Zebra"
"""Stands in everything that is Ben’s."""


def build_page() -> None:
    from flowloom.ui.pages import build

    build.show()


def home_page() -> None:
    from flowloom.ui.pages import home

    home.show()


def knowledge_page() -> None:
    from flowloom.ui.pages import knowledge

    knowledge.show()


def inbox_page() -> None:
    from flowloom.ui.pages import inbox

    inbox.show()


def runs_page() -> None:
    from flowloom.ui.pages import runs

    runs.show()


def evaluate_page() -> None:
    from flowloom.ui.pages import evaluate

    evaluate.show()


def settings_page() -> None:
    from flowloom.ui.pages import settings

    settings.show()


def you_page() -> None:
    from flowloom.ui.pages import you

    you.show()


PAGES = {
    "home": home_page,
    "build": build_page,
    "knowledge": knowledge_page,
    "inbox": inbox_page,
    "runs": runs_page,
    "evaluate": evaluate_page,
    "settings": settings_page,
    "you": you_page,
}


class Office:
    """Ada looks after the team, Ben and Cy build; whoever `sits` is at the page."""

    def __init__(self, home: Workspace, patch: pytest.MonkeyPatch) -> None:
        self.home, self._patch, self.tokens = home, patch, dict[str, str]()
        joining = home.team.joining
        self.tokens["ada"] = joining.set_up(joining.new_code(), "ada", "Ada", PASSWORD, PLACE)
        for name in ("ben", "cy"):
            link = joining.invite(self.account("ada"), "builder", ("teachers",))
            self.tokens[name] = joining.join(link, name, name.title(), PASSWORD, PLACE)

    @property
    def team(self) -> Team:
        return self.home.team

    def account(self, name: str) -> Account:
        present = self.team.sessions.who(self.tokens[name])
        assert present
        return present.account

    def sits(self, name: str) -> None:
        self._patch.setattr(acting, "token_here", lambda: self.tokens[name])

    def open(self, page: str, query: dict[str, str] | None = None, **state: Any) -> AppTest:
        app = AppTest.from_function(PAGES[page], default_timeout=30)
        app.query_params.update(query or {})
        for name, value in state.items():
            app.session_state[name] = value
        return app.run()


@pytest.fixture
def office(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    acting.begin_team(home)
    yield Office(home, monkeypatch)
    acting.end_team(home)


class Bens:
    """Everything that a builder can have, and its ids."""

    def __init__(self, office: Office) -> None:
        home, ben = office.home, office.account("ben")
        home.team.act(lambda: ben)
        self.flow = self._flow(home)
        self.conversation = home.runs.new_conversation(self.flow.id)
        self.run = home.runner.start(self.flow, f"{SECRET} question", self.conversation)
        home.runner.finished(self.run)
        self.other_run = home.runner.start(self.flow, f"{SECRET} again", self.conversation)
        home.runner.finished(self.other_run)
        question = Question(title=f"{SECRET} asks", choices=(Choice(id="y", label="Yes"),))
        home.questions.post("q", self.run, self.conversation, self.flow.id, "m", question)
        base = home.shared.create(f"{SECRET} base")
        home.team.owners.begun("base", base.id)
        self.base = base.id
        kept = home.connections.keep(Connection(kind="none", server="https://zebra.example"), "")
        home.team.owners.begun("connection", kept.id)
        self.batch = home.batches.store.create(self.flow, f"{SECRET} table", ["a"], [{"a": "b"}], "{{a}}", 1)
        rows = rows_typed(f"{SECRET} question?").rows
        self.dataset = home.datasets.create(self.flow.id, f"{SECRET} rows", rows)
        tried = Tried(rows, (Arm(f"{SECRET} version", self.flow),))
        plan = ExperimentPlan(evaluators=(Chosen(id="time"),))
        self.experiment = home.experiments.store.create(self.flow.id, f"{SECRET} try", plan, tried)
        home.keep_as_test(self.flow, self.conversation)
        home.hooks.add(self.flow.id, f"{SECRET} hook")
        box = MailBox(host="127.0.0.1", user=f"{SECRET}@example.org")
        home.mail_folders.store.add(self.flow.id, f"{SECRET} mail", box, 5, 4e9)
        home.team.act(acting.me)

    def _flow(self, home: Workspace) -> Flow:
        flow = made(home, {}, "m.message>z.text")
        flow = flow.model_copy(update={"name": f"{SECRET} GPT", "description": f"{SECRET} secrets"})
        home.flows.save(flow)
        home.knowledge.add(f"{flow.id}/{MAIN}", "zebra.md", f"{SECRET} stripes".encode())
        return flow


def told(app: AppTest) -> str:
    """All that is drawn on a page."""
    return " ".join(str(getattr(node, "proto", "")) for node in app._tree)


ADDRESSES: list[tuple[str, str]] = [
    ("home", ""),
    ("build", "gpt={flow}"),
    ("knowledge", ""),
    ("knowledge", "base"),
    ("inbox", ""),
    ("runs", ""),
    ("runs", "run={run}"),
    ("runs", "compare={run},{other_run}"),
    ("runs", "table={batch}"),
    ("evaluate", "gpt={flow}"),
    ("evaluate", "dataset={dataset}"),
    ("evaluate", "experiment={experiment}"),
    ("settings", "part=tools"),
    ("settings", "part=privacy"),
    ("settings", "part=models"),
    ("settings", "part=general"),
    ("settings", "part=store"),
    ("settings", "part=people"),
    ("settings", "part=workspace"),
    ("you", ""),
]


@pytest.mark.parametrize("who", ["cy", "ada"])
@pytest.mark.parametrize(("page", "query"), ADDRESSES)
def test_no_page_tells_anything_of_anothers(office: Office, page: str, query: str, who: str) -> None:
    """Neither to another builder nor to an admin, whatever id they put in the address."""
    bens = Bens(office)
    asked = dict([query.format(**vars(bens) | {"flow": bens.flow.id}).split("=", 1)]) if "=" in query else {}
    state = {"base": bens.base} if query == "base" else {}
    office.sits("ben")
    own = told(office.open(page, asked, **state))
    if page in ("home", "knowledge", "inbox", "runs") or query == "part=tools":
        assert SECRET.lower() in own.lower(), "it is there for whose it is"
    office.sits(who)
    app = office.open(page, asked, **state)
    assert not app.exception
    assert SECRET.lower() not in told(app).lower()
    if "=" in query and page != "settings":
        assert NOT_YOURS.message in str([each.value for each in app.error])


def test_another_s_dialogs_do_not_open_either(office: Office) -> None:
    bens = Bens(office)
    office.sits("cy")
    for dialog in (f"export:{bens.flow.id}", f"details:{bens.flow.id}", "batch", "automatic"):
        for page in ("home", "runs"):
            assert SECRET.lower() not in told(office.open(page, dialog=dialog)).lower()


def test_what_is_made_belongs_to_whoever_sits_there(office: Office) -> None:
    office.sits("cy")
    app = office.open("home")
    next(button for button in app.button if button.key == "new_gpt").click().run()
    (entry,) = office.home.flows.entries()
    assert office.team.owners.of("gpt", entry.id) == office.account("cy").id
    assert entry.name == "New GPT"
    office.sits("ben")
    assert "New GPT 2" not in told(app)
    app = office.open("home")
    next(button for button in app.button if button.key == "new_gpt").click().run()
    names = [each.name for each in office.home.flows.entries()]
    assert names == ["New GPT", "New GPT"], "a number would tell that somebody else has one"


def test_who_is_signed_out_sees_nothing(office: Office) -> None:
    Bens(office)
    office.sits("ben")
    office.team.sessions.end_all(office.account("ben"))
    for page in {*PAGES} - {"build", "evaluate"}:  # there it says that no GPT is open
        app = office.open(page)
        assert app.exception or app.error
        assert SECRET.lower() not in told(app).lower()


def test_a_builder_sets_only_what_is_their_own(office: Office) -> None:
    office.sits("cy")
    shown = {section.name for page in _sections_of(office, "cy").values() for section in page}
    assert shown == {"Accounts", "Data permissions", "Custom instructions", "Language", "First steps"}
    for word in ("models", "backups", "databases", "people", "log", "email"):
        app = office.open("settings", settings_search=word)
        assert not {each.value for each in app.subheader} - shown


def _sections_of(office: Office, who: str) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def look() -> None:
        import streamlit as st

        from flowloom.ui.pages.settings import _for_whoever_sits_here

        st.session_state["found"] = _for_whoever_sits_here()

    office.sits(who)
    found = AppTest.from_function(look).run().session_state["found"]
    return found


def test_only_an_admin_lets_a_connection_reach_the_own_network(office: Office) -> None:
    for who, sees in [("cy", False), ("ada", True)]:
        office.sits(who)
        app = office.open("settings", {"part": "tools"})
        assert any("local network" in each.label for each in app.toggle) == sees


def test_an_account_at_a_service_is_whose_who_made_it(office: Office) -> None:
    office.sits("cy")
    app = office.open("settings", {"part": "tools"})
    next(each for each in app.text_input if each.label == "Address of the service").set_value("https://a.example")
    next(each for each in app.text_input if each.label == "Key").set_value("a key")
    next(each for each in app.button if each.label == "Save account").click().run()
    (kept,) = office.home.connections.settings.connections
    assert office.team.owners.of("connection", kept.id) == office.account("cy").id
    assert not kept.private


def test_an_admin_also_has_the_people(office: Office) -> None:
    found = _sections_of(office, "ada")
    assert list(found) == ["people", "workspace", *settings.PAGES]
    assert "About you" not in {section.name for page in found.values() for section in page}


def test_an_admin_invites_by_a_link_shown_once(office: Office) -> None:
    office.sits("ada")
    app = office.open("settings", {"part": "people"})
    next(field for field in app.text_input if field.label == "For whom").set_value("Dee")
    next(button for button in app.button if button.label == "Create link").click().run()
    (link,) = [each.value for each in app.code]
    token = re.search(r"/invitation/([\w-]{43})$", link)
    assert token
    assert office.team.joining.look_at(token[1], PLACE)[0].note == "Dee"
    next(button for button in app.button if button.label == "I copied it").click().run()
    assert not app.code
    next(button for button in app.button if button.label == "Take back").click().run()
    assert office.team.joining.open() == []


def test_an_admin_changes_roles_and_groups_and_deactivates(office: Office) -> None:
    office.sits("ada")
    ben = office.account("ben")
    app = office.open("settings", {"part": "people"})
    role = next(each for each in app.selectbox if each.key == f"role:{ben.id}:builder")
    role.set_value("member").run()
    app = office.open("settings", {"part": "people"})
    next(each for each in app.button if each.key == f"person_close:{ben.id}").click().run()
    found = office.team.accounts.get(ben.id)
    assert found
    assert (found.role, found.closed is not None) == ("member", True)
    assert {"role_changed", "deactivated"} <= {each.what for each in office.team.deeds.all(9)}


def test_the_log_is_shown_and_narrowed(office: Office) -> None:
    office.sits("ada")
    app = office.open("settings", {"part": "people"})
    (table,) = app.dataframe
    assert "Set up the workspace" in table.value.to_string()
    next(each for each in app.multiselect if each.key == "deeds_what").set_value(["joined"]).run()
    assert "Set up the workspace" not in app.dataframe[0].value.to_string()
    assert "Joined" in app.dataframe[0].value.to_string()


def test_what_others_share_is_on_the_first_page(office: Office) -> None:
    bens = Bens(office)
    office.home.team.act(lambda: office.account("ben"))
    office.home.publications.publish(bens.flow, "zebra", Terms(audience="people", groups=("teachers",)))
    office.home.team.act(acting.me)
    for who, sees in [("cy", True), ("ada", False), ("ben", False)]:
        office.sits(who)
        assert ("Shared with you" in told(office.open("home"))) == sees
    assert [(each.what, each.about) for each in office.team.deeds.all(1)] == [("published", "zebra (people)")]


def test_preferences_and_instructions_are_ones_own(office: Office) -> None:
    from flowloom.services.custom_instructions import CustomInstructions, save_custom_instructions

    flow = Bens(office).flow
    folder = office.home.belongings.folder_of(office.account("ben").id)
    folder.mkdir(parents=True, exist_ok=True)
    save_custom_instructions(folder, CustomInstructions(about="I teach maths."))
    assert "I teach maths." in office.home.belongings.custom_instructions(flow.id)
    assert "maths" not in office.home.belongings.custom_instructions("another")


def test_what_a_gpt_remembers_is_its_owners(office: Office) -> None:
    flow = Bens(office).flow
    office.home.memory.learn("pet", "a dog")
    facts = office.home.runs.facts_of(office.home.runs.new_conversation(flow.id), flow.id)
    assert "dog" not in repr(facts.all())


def test_a_base_of_another_is_searched_by_nobody_elses_gpt(office: Office) -> None:
    bens = Bens(office)
    home = office.home
    home.team.act(lambda: office.account("cy"))
    other = made(home, {}, "m.message>z.text")
    assert home.belongings.may_search(bens.flow.id, bens.base)
    assert not home.belongings.may_search(other.id, bens.base)


LISTS = re.compile(
    r"flows\.entries\(|\bshared\.all\(|questions\.open\(|\.store\.all\(|connections\.settings\.connections\b"
)


@pytest.mark.parametrize("path", sorted(UI.rglob("*.py")), ids=lambda path: path.relative_to(UI).as_posix())
def test_every_list_of_a_page_asks_whose_it_is(path: Path) -> None:
    """A page that lists what is kept without asking would show a team what is another's."""
    text = path.read_text("utf-8")
    if path.name == "acting.py" or not LISTS.search(text):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and LISTS.search(source := ast.get_source_segment(text, node) or ""):
            asked = ("gpts_of_whoever_acts", "my_bases", "my_connections", "my_gpts")
            assert any(name in source for name in asked), f"{path.name}: {node.name}"
