"""The pages of the console: who sees them, and that a choice is kept where the server asks for it."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from tests.people.conftest import _cheap_hashes  # noqa: F401
from tests.ui.test_team import Bens, Office, office  # noqa: F401

from flowloom.people.permissions import EVERYBODY, Permissions, Who
from flowloom.ui.people.rules import ADMINS, who_of
from flowloom.workspace import Workspace


def workspace_page(office: Office) -> AppTest:  # noqa: F811
    app = office.open("settings", {"part": "workspace"})
    assert not app.exception
    return app


def widget(found: Any, key: str) -> Any:
    return next(each for each in found if (each.key or "").startswith(key))


def test_a_rule_is_chosen_and_kept(office: Office) -> None:  # noqa: F811
    office.sits("ada")
    widget(workspace_page(office).multiselect, "rule:publish_outside").set_value(["teachers"]).run()
    assert office.team.console.permissions.publish_outside == Who(groups=("teachers",))
    widget(workspace_page(office).text_area, "rule:hosts").set_value("api.example.org\n\nNAS:5000").run()
    assert office.team.console.permissions.hosts == ("api.example.org", "nas:5000")
    widget(workspace_page(office).number_input, "keep:all").set_value(30).run()
    assert office.team.console.permissions.keep_days == 30
    assert "deleted 30 days after" in str([each.value for each in workspace_page(office).caption])


@pytest.mark.parametrize(
    ("chosen", "before", "who"),
    [
        ([], ["teachers"], EVERYBODY),
        (["teachers"], [], Who(groups=("teachers",))),
        (["teachers", ADMINS], ["teachers"], Who(groups=())),
        ([ADMINS, "teachers"], [ADMINS], Who(groups=("teachers",))),
        ([ADMINS], [], Who(groups=())),
    ],
)
def test_what_was_chosen_is_read_as_it_was_meant(chosen: list[str], before: list[str], who: Who) -> None:
    assert who_of(chosen, before) == who


def test_an_account_is_deleted_and_its_gpts_go_to_somebody(office: Office) -> None:  # noqa: F811
    bens, ada = Bens(office), office.account("ada")
    ben, cy = office.account("ben"), office.account("cy")
    office.team.close(ada, ben)
    office.sits("ada")
    app = office.open("settings", {"part": "people"})
    next(each for each in app.selectbox if each.label == "Their GPTs go to").set_value(cy.id)
    next(each for each in app.button if each.label == "Delete for good").click().run()
    assert office.team.accounts.get(ben.id) is None
    assert office.team.owners.of("gpt", bens.flow.id) == cy.id


def test_a_gpt_without_an_owner_is_given_to_somebody(office: Office) -> None:  # noqa: F811
    bens, ada, cy = Bens(office), office.account("ada"), office.account("cy")
    office.team.close(ada, office.account("ben"))
    office.sits("ada")
    widget(workspace_page(office).selectbox, f"ownerless:{bens.flow.id}").set_value(cy.id).run()
    assert office.team.owners.of("gpt", bens.flow.id) == cy.id
    assert office.team.owners.of("base", bens.base) == office.team.owners.of("base", bens.base)


def test_builders_see_none_of_it_and_lose_what_the_rules_take(office: Office) -> None:  # noqa: F811
    office.sits("cy")
    app = office.open("settings", {"part": "workspace"})
    assert not {"Rules", "Use by group", "Other stores"} & {each.value for each in app.subheader}
    office.team.console.change(office.account("ada"), Permissions(build=Who(groups=())))
    assert not office.account("cy").builds
    assert office.open("home").exception, "a page that was open is theirs no more"


def test_without_a_team_none_of_it_shows(home: Workspace) -> None:
    from tests.ui.test_settings import open_settings

    for page in ("models", "general", "privacy"):
        app = open_settings(page)
        assert not {"Rules", "Use by group", "GPTs without an owner"} & {each.value for each in app.subheader}


def test_the_owner_chooses_how_long_chats_are_kept(office: Office) -> None:  # noqa: F811
    bens = Bens(office)
    office.sits("ben")
    app = AppTest.from_function(limits, kwargs={"flow": bens.flow.id}).run()
    assert not app.exception
    widget(app.number_input, f"keep:{bens.flow.id}").set_value(7).run()
    assert office.team.console.days_of(bens.flow.id) == 7


def limits(flow: str) -> None:
    from flowloom.ui.gpt.limits import draw_limits
    from flowloom.workspace import workspace

    draw_limits(workspace().editor.open(flow))
