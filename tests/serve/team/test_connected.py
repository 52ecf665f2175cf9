"""Somebody of a team lets an assistant ask in their name: it is theirs alone, and ends with what they may."""

from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from flowloom.store.leaving import visitor_id
from flowloom.store.publications import Terms
from tests.serve.team.conftest import HERE, OUR_PAGE, School
from tests.serve.test_assistants import BACK, CHALLENGE, VERIFIER, press

ACCEPT = {"accept": "application/json, text/event-stream"}


@pytest.fixture(autouse=True)
def _unhurried(school: School) -> None:
    school.home.visits.pace._done.clear()


def address_for(school: School, gpt: str) -> tuple[str, str]:
    """A program that asks to be let in: its id, and the page it leads to."""
    program = school.browser()
    client = program.post(
        "/oauth/assistants/register", json={"client_name": "Scribe", "redirect_uris": [BACK]}
    ).json()
    asked = {
        "response_type": "code",
        "client_id": client["client_id"],
        "redirect_uri": BACK,
        "code_challenge": CHALLENGE,
        "resource": f"{HERE}/mcp/{gpt}",
    }
    return client["client_id"], "/oauth/assistants/allow?" + urlencode(asked)


def let_in(school: School, who: str, gpt: str = "gpt-people") -> str:
    """The token of an assistant that somebody let in."""
    client, address = address_for(school, gpt)
    browser = school.browser(who)
    browser.headers |= OUR_PAGE
    given = {"grant_type": "authorization_code", "redirect_uri": BACK, "code_verifier": VERIFIER}
    given |= {"client_id": client, "code": press(browser, address)["code"]}  # type: ignore[arg-type]
    return str(school.browser().post("/oauth/assistants/token", data=given).json()["access_token"])


def ask(school: School, token: str, gpt: str = "gpt-people") -> tuple[int, str]:
    body = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "ask", "arguments": {"message": "x"}},
    }
    headers = ACCEPT | {"authorization": f"Bearer {token}"}
    answer = school.browser().post(f"/mcp/{gpt}", json=body, headers=headers)
    return answer.status_code, answer.text


def test_who_is_not_signed_in_signs_in_first_and_comes_back(school: School) -> None:
    _, address = address_for(school, "gpt-people")
    led = school.browser().get(address, headers={"accept": "text/html"})
    assert led.status_code == 303
    assert led.headers["location"].startswith("/sign-in?next=%2Foauth%2Fassistants%2Fallow%3F")
    shown = school.browser("member").get(address)
    assert "You are signed in as" in shown.text


def test_what_it_asks_is_a_conversation_of_theirs_alone(school: School) -> None:
    token = let_in(school, "member")
    status, said = ask(school, token)
    assert (status, '"isError":true' in said) == (200, False), said
    flow, member = school.gpts["people"].id, school.people["member"]
    found = school.home.visits.records.conversations(flow, visitor_id(member.id, flow))
    assert school.home.runs.turns(found[0])[0].text == "x"
    assert school.home.runs.guest_of(found[0]).is_private
    assert school.home.runs.reader_of(found[0]).name == "member"


@pytest.mark.parametrize(("who", "gpt"), [("other", "gpt-people"), ("member", "gpt-me")])
def test_nobody_lets_in_to_what_they_may_not_use(school: School, who: str, gpt: str) -> None:
    _, address = address_for(school, gpt)
    browser = school.browser(who)
    for answer in (browser.get(address), browser.post(address, data={"answer": "yes"}, headers=OUR_PAGE)):
        assert (answer.status_code, "no GPT at this address" in answer.text) == (400, True)


def test_it_ends_where_they_may_not_use_the_gpt_any_more(school: School) -> None:
    home, flow = school.home, school.gpts["people"]
    token = let_in(school, "pupil")
    assert ask(school, token)[0] == 200
    before = home.publications.of(flow.id)
    assert before
    home.publications.change(flow.id, before.slug, Terms(audience="people", people=(school.people["member"].id,)))
    assert ask(school, token)[0] == 404
    home.publications.change(flow.id, before.slug, before.terms)
    assert ask(school, token)[0] == 200
    admin, pupil = school.people["admin"], school.people["pupil"]
    home.team.close(admin, pupil)
    assert ask(school, token)[0] == 401
    home.team.open(admin, pupil)


def account_of(browser: TestClient) -> str:
    return browser.get("/account").text


def test_they_see_and_disconnect_it_and_nobody_else_does(school: School) -> None:
    token = let_in(school, "member")
    (key, *_) = school.home.api_keys.of_account(school.people["member"].id)
    assert "Scribe · Secret people" in account_of(school.browser("member"))
    assert "Scribe" not in account_of(school.browser("ben"))
    path = f"/account/assistants/{key.id}"
    school.browser("other").post(path, headers=OUR_PAGE)
    assert ask(school, token)[0] == 200
    assert school.browser("member").post(path, headers=OUR_PAGE).headers["location"] == "/account"
    assert ask(school, token)[0] == 401
    done = [deed.what for deed in school.home.team.deeds.all(5)]
    assert {"assistant_connected", "assistant_disconnected"} <= {*done}


def test_rules_against_programs_hold_for_it_too(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    from flowloom.people.problems import PeopleError

    def forbid(flow: str) -> None:
        raise PeopleError("You can’t share GPTs outside this workspace.")

    monkeypatch.setattr(school.home.api_keys, "let_make", forbid)
    _, address = address_for(school, "gpt-people")
    answer = school.browser("member").post(address, data={"answer": "yes"}, headers=OUR_PAGE)
    assert (answer.status_code, "outside this workspace" in answer.text) == (400, True)
