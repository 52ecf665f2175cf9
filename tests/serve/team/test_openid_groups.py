"""Groups that the sign-in service names: taken at each sign-in, in place of those chosen here."""

from typing import Any

import pytest

from flowloom.people.permissions import Permissions, Who
from flowloom.services import openid
from flowloom.services.openid import LONGEST_GROUP, MOST_GROUPS, groups_in
from flowloom.workspace import Workspace
from tests.openid_server import OpenIdServer
from tests.people.conftest import _cheap_hashes  # noqa: F401
from tests.serve.team.test_openid import _settings, admin, browser_of, came_back, service

__all__ = ["_settings", "admin", "service"]


@pytest.mark.parametrize(
    ("claims", "path", "groups"),
    [
        ({"groups": ["a", "b", "a"]}, "groups", ("a", "b")),
        ({"groups": "staff"}, "groups", ("staff",)),
        ({"realm_access": {"roles": ["x"]}}, "realm_access.roles", ("x",)),
        ({"https://x.example/groups": ["a"]}, "https://x.example/groups", ("a",)),
        ({}, "groups", ()),
        ({"groups": None}, "groups", ()),
        ({"groups": {"a": 1}}, "groups", ()),
        ({"groups": [1, None, ["a"], " ", "\0b\u202e", "x" * 99]}, "groups", ("b", "x" * LONGEST_GROUP)),
        ({"groups": [str(number) for number in range(500)]}, "groups", tuple(map(str, range(MOST_GROUPS)))),
        ({"a": "text"}, "a.b.c", ()),
    ],
)
def test_what_a_claim_names(claims: dict[str, Any], path: str, groups: tuple[str, ...]) -> None:
    assert groups_in(claims, path) == groups


def signs_in(home: Workspace, service: OpenIdServer, monkeypatch: pytest.MonkeyPatch, *groups: str) -> None:
    service.person |= {"email_verified": True, "groups": list(groups)}
    monkeypatch.setenv(openid.JOINS_AS, "builder")
    assert came_back(browser_of(home)).status_code == 303


def test_groups_follow_the_service_at_each_sign_in(
    home: Workspace, admin: str, service: OpenIdServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(openid.GROUPS, "groups")
    present = home.team.sessions.who(admin)
    assert present
    home.team.console.change(present.account, Permissions(build=Who(groups=("teachers",))))
    for groups, builds in ((("teachers", "7b"), True), (("7b",), False), ((), False), (("teachers",), True)):
        signs_in(home, service, monkeypatch, *groups)
        account = home.team.accounts.named("dee@example.org")
        assert account
        assert (set(account.groups), account.builds) == (set(groups), builds)
    told = [each.about for each in home.team.deeds.all(20, what=("groups_changed",))]
    assert len(told) == 4
    assert told[0] == "Dee: teachers (School account)"


def test_without_the_setting_a_claim_changes_nothing(
    home: Workspace, admin: str, service: OpenIdServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    signs_in(home, service, monkeypatch, "teachers")
    account = home.team.accounts.named("dee@example.org")
    assert account
    assert account.groups == ()
