"""The rules of a workspace, kept by the server: who may what, as a table of rules, people and deeds."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from pydantic import ValidationError

from flowloom.errors import FlowloomError, NodeError
from flowloom.people.permissions import Permissions, Who, is_listed
from flowloom.people.problems import PeopleError
from flowloom.people.team import Team
from flowloom.store.accounts import Account
from tests.people.test_people import begun, joined

pytestmark = pytest.mark.usefixtures("kept_in")
TEACHERS, NOBODY = Who(groups=("teachers",)), Who(groups=())


class Staff(NamedTuple):
    """Ada looks after the team, Ben builds and is a teacher, Cy builds."""

    team: Team
    ada: Account
    ben: Account
    cy: Account

    def now(self, name: str) -> Account:
        found = self.team.accounts.get(getattr(self, name).id)
        assert found
        return found


@pytest.fixture
def staff(team: Team) -> Staff:
    ada, _ = begun(team)
    found = Staff(team, ada, joined(team, ada, "ben", "builder", ("teachers",)), joined(team, ada, "cy", "builder"))
    for name in ("ada", "ben", "cy"):
        team.owners.give("gpt", f"gpt of {name}", getattr(found, name).id)
    return found


def who_passes(staff: Staff, deed: str) -> set[str]:
    """Those whom the server lets do something."""
    return {who for who in ("ada", "ben", "cy") if _passes(staff, deed, who)}


def _passes(staff: Staff, deed: str, who: str) -> bool:
    try:
        return DEEDS[deed](staff, who) is not False
    except FlowloomError:
        return False


DEEDS: dict[str, Callable[[Staff, str], object]] = {
    "build": lambda s, who: s.now(who).builds,
    "open own": lambda s, who: s.team.may_build(s.now(who), "gpt", f"gpt of {who}"),
    "share inside": lambda s, who: s.team.console.require_sharing("workspace", f"gpt of {who}"),
    "share with people": lambda s, who: s.team.console.require_sharing("people", f"gpt of {who}"),
    "share by address": lambda s, who: s.team.console.require_sharing("link", f"gpt of {who}"),
    "share in the store": lambda s, who: s.team.console.require_sharing("store", f"gpt of {who}"),
    "keep to oneself": lambda s, who: s.team.console.require_sharing("me", f"gpt of {who}"),
    "bring in": lambda s, who: s.team.console.require("bring_in", s.now(who)),
    "model": lambda s, who: s.team.console.may_use(f"gpt of {who}", "acme/large"),
    "other model": lambda s, who: s.team.console.may_use(f"gpt of {who}", "acme/small"),
    "host": lambda s, who: s.team.console.require_host(f"gpt of {who}", "api.example.org:8443"),
    "listed host": lambda s, who: s.team.console.require_host(f"gpt of {who}", "good.example.org"),
}
SHARING = {"share inside", "share with people", "share by address", "share in the store"}
OUTSIDE = {"share by address", "share in the store"}
RULES: dict[str, tuple[Permissions, set[str]]] = {
    "none": (Permissions(), set()),
    "build": (Permissions(build=TEACHERS), {"build", "open own"}),
    "publish": (Permissions(publish=TEACHERS), SHARING),
    "publish outside": (Permissions(publish_outside=TEACHERS), OUTSIDE),
    "bring in": (Permissions(bring_in=TEACHERS), {"bring in"}),
    "one model": (Permissions(models={"acme/large": TEACHERS}), {"model"}),
    "a provider": (Permissions(models={"acme": TEACHERS}), {"model", "other model"}),
    "hosts": (Permissions(connect=TEACHERS, hosts=("good.example.org",)), {"host"}),
}
"""Each rule lets teachers do something, and what it keeps others from."""


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_holds_for_each_person_and_deed(staff: Staff, rule: str) -> None:
    permissions, kept_from = RULES[rule]
    staff.team.console.change(staff.ada, permissions)
    for deed in DEEDS:
        assert who_passes(staff, deed) == ({"ada", "ben"} if deed in kept_from else {"ada", "ben", "cy"}), deed


@pytest.mark.parametrize("rule", [name for name in RULES if name != "none"])
def test_admins_alone_where_no_group_is_named(staff: Staff, rule: str) -> None:
    permissions, kept_from = RULES[rule]
    closed = {
        name: {key: NOBODY for key in value} if isinstance(value, dict) else NOBODY
        for name, value in permissions
        if isinstance(value, Who | dict) and value != Who()
    }
    staff.team.console.change(staff.ada, permissions.model_copy(update=closed))
    for deed in kept_from:
        assert who_passes(staff, deed) == {"ada"}, deed


def test_only_admins_change_the_rules_and_it_is_logged(staff: Staff) -> None:
    with pytest.raises(PeopleError):
        staff.team.console.change(staff.ben, Permissions(build=NOBODY))
    with pytest.raises(PeopleError):
        staff.team.console.keep(staff.ben, "gpt of cy", 3, "Cy’s")
    staff.team.console.change(staff.ada, Permissions(publish=NOBODY, keep_days=30))
    assert ("rules_changed", "publish, keep_days") in [(e.what, e.about) for e in staff.team.deeds.all(9)]


def test_an_owner_keeps_chats_for_a_shorter_time_and_not_for_longer(staff: Staff) -> None:
    console = staff.team.console
    console.change(staff.ada, Permissions(keep_days=30))
    console.keep(staff.ben, "gpt of ben", 7, "Ben’s")
    with pytest.raises(PeopleError):
        console.keep(staff.ben, "gpt of ben", 31, "Ben’s")
    assert (console.days_of("gpt of ben"), console.days_of("gpt of cy")) == (7, 30)
    console.keep(staff.ada, "gpt of ben", 90, "Ben’s")
    assert console.days_of("gpt of ben") == 90


def test_without_a_team_no_rule_is_asked(team: Team) -> None:
    """What nobody owns is an admin’s, or of the one person there is."""
    team.console.kept.set("permissions", Permissions(connect=NOBODY, models={"a/b": NOBODY}).model_dump_json())
    team.console.require_host("a gpt", "example.org")
    team.console.require_sharing("store", "a gpt")
    team.console.require("bring_in")
    assert team.console.may_use("a gpt", "a/b")


def test_a_mail_goes_only_where_each_recipient_may(staff: Staff) -> None:
    staff.team.console.change(staff.ada, Permissions(connect=NOBODY, hosts=("good.example.org",)))
    staff.team.console.require_host("gpt of cy", "a@good.example.org, b@good.example.org")
    with pytest.raises(NodeError) as error:
        staff.team.console.require_host("gpt of cy", "a@good.example.org, b@evil.example.org")
    assert "evil.example.org" in str(error.value)


@pytest.mark.parametrize(
    ("host", "listed", "told"),
    [
        ("example.org", ("example.org",), True), ("EXAMPLE.org:443", ("example.org",), True),
        ("nas:5000", ("nas:5000",), True), ("nas:5001", ("nas:5000",), False),
        ("api.example.org", ("*.example.org",), True), ("evilexample.org", ("*.example.org",), False),
        ("example.org.evil.org", ("example.org",), False), ("example.org", (), False),
        ("", ("example.org",), False),
    ],
)  # fmt: skip
def test_which_hosts_are_listed(host: str, listed: tuple[str, ...], told: bool) -> None:
    assert is_listed(host, listed) is told


@pytest.mark.parametrize("days", [0, -1, 10**12])
def test_a_number_of_days_that_is_none_is_refused(days: int) -> None:
    with pytest.raises(ValidationError):
        Permissions(keep_days=days)


# -- leaving


def test_a_deleted_account_hands_on_its_gpts_but_not_its_chats(staff: Staff) -> None:
    team = staff.team
    team.owners.give("base", "base", staff.ben.id)
    team.delete(staff.ada, staff.ben, staff.cy)
    assert team.owners.of("gpt", "gpt of ben") == team.owners.of("base", "base") == staff.cy.id
    assert team.accounts.get(staff.ben.id) is None
    assert ("account_deleted", "Ada", "ben → cy") in [(e.what, e.who, e.about) for e in team.deeds.all(9)]


def test_without_an_heir_the_gpts_wait_and_nobody_opens_them(staff: Staff) -> None:
    team = staff.team
    team.console.change(staff.ada, Permissions(connect=TEACHERS, models={"acme": TEACHERS}))
    team.owners.give("base", "base", staff.ben.id)
    team.delete(staff.ada, staff.ben)
    assert not any(team.may_build(each, "gpt", "gpt of ben") for each in team.accounts.all())
    assert not team.console.may_use("gpt of ben", "acme/large"), "what somebody’s groups allowed goes with them"
    assert [each.flow for each in team.console.ownerless(["gpt of ben", "gpt of cy"])] == ["gpt of ben"]
    team.give(staff.ada, "gpt of ben", staff.cy, "Helper", ["base"])
    assert team.may_build(staff.now("cy"), "gpt", "gpt of ben")
    assert team.owners.of("base", "base") == staff.cy.id
    assert team.console.ownerless(["gpt of ben"]) == []


def test_gpts_of_a_deactivated_account_are_listed_with_whose_they_were(staff: Staff) -> None:
    staff.team.close(staff.ada, staff.ben)
    assert staff.team.console.ownerless(["gpt of ben", "gpt of ada", "older"]) == [
        ("gpt of ben", "ben"),
        ("older", ""),
    ]


def test_who_may_not_delete_whom(staff: Staff) -> None:
    team = staff.team
    for by, whom in ((staff.ben, staff.cy), (staff.ada, staff.ada)):
        with pytest.raises(FlowloomError):
            team.delete(by, whom)
    assert len(team.accounts.all()) == 3
