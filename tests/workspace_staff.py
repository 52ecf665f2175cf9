"""A team with a GPT of Ben's, in a workspace: Ada looks after it, Ben and Cy build, Dee uses."""

from typing import NamedTuple

from flowloom.flow.model import Flow
from flowloom.people.permissions import Permissions
from flowloom.people.sessions import Place
from flowloom.publishing import Published
from flowloom.store.accounts import Account, Role
from flowloom.store.publications import Audience, Terms
from flowloom.visits.visitors import Caller
from flowloom.visits.visits import Visit
from flowloom.workspace import Workspace
from tests.test_visits import ECHO

PASSWORD = "a kite over the harbour"
PEOPLE: dict[str, tuple[Role, tuple[str, ...]]] = {
    "ben": ("builder", ("teachers",)),
    "cy": ("builder", ()),
    "dee": ("member", ("pupils", "teachers")),
}


class Staff(NamedTuple):
    home: Workspace
    people: dict[str, Account]

    def rules(self, **rules: object) -> None:
        self.home.team.console.change(self.people["ada"], Permissions.model_validate(rules))

    def gpt(self, owner: str, flow: Flow = ECHO, audience: Audience = "workspace", **terms: object) -> Flow:
        """A GPT of somebody, published under their name."""
        found = self.home.flows.create(flow)
        self.home.team.owners.give("gpt", found.id, self.people[owner].id)
        self.home.publications.publish(found, owner, Terms.model_validate({"audience": audience} | terms))
        return found

    def visit(self, who: str, slug: str = "ben") -> Visit:
        return self.home.visits.enter(slug, "", Caller(account=self.people[who]))

    def says(self, who: str, text: str, slug: str = "ben") -> str:
        """A conversation in which somebody said this and was answered."""
        visit = self.visit(who, slug)
        chat = visit.begin()
        self.home.runner.finished(visit.say(chat, text))
        return chat

    def chats(self, flow: Flow, text: str) -> str:
        """The same of its owner, in the app."""
        chat = self.home.runs.new_conversation(flow.id)
        self.home.runner.finished(self.home.runner.start(flow, text, chat))
        return chat

    def found(self, slug: str = "ben") -> Published:
        return self.home.publications.find(slug)


def staff_of(home: Workspace) -> Staff:
    joining, place = home.team.joining, Place("192.0.2.1")
    first = home.team.sessions.who(joining.set_up(joining.new_code(), "ada", "Ada", PASSWORD, place))
    assert first
    for name, (role, groups) in PEOPLE.items():
        joining.join(joining.invite(first.account, role, groups), name, name.title(), PASSWORD, place)
    return Staff(home, {each.name: each for each in home.team.accounts.all()})
