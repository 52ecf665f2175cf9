"""Coming in and going, by the pages a browser sees."""

import json
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from flowloom.locales import LANGUAGES
from flowloom.people.sessions import Place
from flowloom.serve.team import guard
from flowloom.serve.team.form import local_path
from flowloom.serve.team.guard import TeamAccess
from flowloom.store.accounts import Account
from flowloom.visits.visitors import new_token
from tests.serve.team.conftest import COOKIE, HERE, OUR_PAGE, PASSWORD, SOCKET, School

HTML = {"accept": "text/html"}
A_PAGE = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


@pytest.fixture(autouse=True)
def _no_attempts(school: School) -> None:
    """Nobody has to wait for what another test tried."""
    school.home._db.do("DELETE FROM attempts")


def post(browser: TestClient, path: str, **fields: str) -> httpx.Response:
    return browser.post(path, data=fields, headers=OUR_PAGE | HTML)


def invited(school: School, name: str, role: Any = "builder") -> tuple[Account, str]:
    """Somebody new, and the token of their sign-in."""
    joining = school.home.team.joining
    token = joining.join(joining.invite(school.people["admin"], role), name, "", PASSWORD, Place("192.0.2.7"))
    present = school.home.team.sessions.who(token)
    assert present
    return present.account, token


def test_a_stranger_is_led_to_the_sign_in_page_and_back(school: School) -> None:
    browser = school.browser()
    led = browser.get("/build?gpt=a&x=1", headers=HTML)
    assert (led.status_code, led.headers["location"]) == (303, "/sign-in?next=%2Fbuild%3Fgpt%3Da%26x%3D1")
    page = browser.get(led.headers["location"])
    assert 'value="/build?gpt=a&amp;x=1"' in page.text
    came = post(browser, "/sign-in", name="Ben", password=PASSWORD, next="/build?gpt=a&x=1")
    assert (came.status_code, came.headers["location"]) == (303, "/build?gpt=a&x=1")
    cookie = came.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {*cookie.split("; ")}
    assert "Secure" not in cookie
    assert browser.get("/build", headers=HTML).status_code == 200


def test_over_https_the_cookie_is_secure_and_of_this_host_alone(school: School) -> None:
    browser = TestClient(school.app, base_url="https://localhost:8501", follow_redirects=False)
    headers = {"origin": "https://localhost:8501"} | HTML
    came = browser.post("/sign-in", data={"name": "ben", "password": PASSWORD}, headers=headers)
    cookie = came.headers["set-cookie"]
    assert cookie.startswith(f"__Host-{COOKIE}=")
    assert "; Secure" in cookie
    assert browser.get("/account").status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "ben", "password": "wrong password"},
        {"name": "nobody", "password": PASSWORD},
        {"name": "ben"},
        {},
        {"name": "x" * 30_000, "password": PASSWORD},
        {"name": "ben\0", "password": ""},
    ],
)
def test_a_wrong_password_says_the_same_whoever_was_named(school: School, fields: dict[str, str]) -> None:
    answer = post(school.browser(), "/sign-in", **fields)
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert "This name and password don’t go together." in answer.text
    assert PASSWORD not in answer.text


def test_what_was_typed_as_a_name_is_shown_as_text(school: School) -> None:
    given = {"name": '"><script>x</script>', "password": "wrong password", "next": '"><b>'}
    answer = post(school.browser(), "/sign-in", **given)
    assert "<script>" not in answer.text
    assert "<b>" not in answer.text


def test_after_too_many_attempts_the_page_says_to_wait(school: School) -> None:
    browser = school.browser()
    for _ in range(5):
        post(browser, "/sign-in", name="other", password="wrong password")
    assert "Wait a quarter of an hour" in post(browser, "/sign-in", name="other", password=PASSWORD).text


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("/build?gpt=a", "/build?gpt=a"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\tevil", "/"),
        ("", "/"),
        ("javascript:x", "/"),
    ],
)
def test_signing_in_leads_to_a_page_of_ours(given: str, path: str) -> None:
    assert local_path(given) == path


def test_a_form_of_another_page_is_refused(school: School) -> None:
    browser = school.browser("ben")
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}, {}):
        for path in ("/sign-in", "/sign-out", "/account/password", "/set-up", "/invitation/x"):
            assert browser.post(path, data={"name": "ben"}, headers=headers | HTML).status_code == 403


def test_set_up_is_over_once_there_is_an_account(school: School) -> None:
    browser = school.browser()
    assert browser.get("/set-up", headers=HTML).headers["location"] == "/sign-in"
    code = school.home.team.joining.new_code()
    answer = post(browser, "/set-up", code=code, name="eve", shown="Eve", password=PASSWORD)
    assert (answer.headers["location"], "set-cookie" in answer.headers) == ("/sign-in", False)
    assert "eve" not in {each.name for each in school.home.team.accounts.all()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_invitation_is_read_and_taken_in_ones_language(school: School, language: str) -> None:
    link = school.home.team.joining.invite(school.people["admin"], "member", ("pupils",))
    browser = school.browser()
    page = browser.get(f"/invitation/{link}", headers={"accept-language": language})
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert "no-store" in page.headers["cache-control"]
    name = f"pupil-{language}"
    came = post(browser, f"/invitation/{link}", name=name, shown="Pía", password=PASSWORD)
    assert came.status_code == 303
    assert browser.get("/", headers=HTML).headers["location"] == "/gpts"
    assert "Pía" in browser.get("/gpts").text
    assert browser.get(f"/invitation/{link}").status_code == 403
    assert post(school.browser(), f"/invitation/{link}", name="eve", password=PASSWORD).status_code == 403


def test_a_password_is_chosen_anew_by_a_link(school: School) -> None:
    somebody, before = invited(school, "forgetful")
    link = school.home.team.joining.reset_link(school.people["admin"], somebody)
    browser = school.browser()
    assert "forgetful" in browser.get(f"/invitation/{link}").text
    assert post(browser, f"/invitation/{link}", password="short").status_code == 403
    assert post(browser, f"/invitation/{link}", password="another long sentence").status_code == 303
    assert browser.get("/account").status_code == 200
    assert school.home.team.sessions.who(before) is None


def test_a_password_is_changed_by_whoever_knows_it(school: School) -> None:
    _, token = invited(school, "changing")
    browser = school.browser()
    browser.cookies.set(COOKIE, token)
    new = "another long sentence"
    assert post(browser, "/account/password", old="wrong password", password=new).status_code == 403
    changed = post(browser, "/account/password", old=PASSWORD, password=new)
    assert changed.headers["location"] == "/account?saved"
    new = changed.headers["set-cookie"].partition(";")[0].partition("=")[2]
    assert new != token
    assert school.home.team.sessions.who(token) is None
    assert school.home.team.sessions.who(new)


def test_signing_out_here_there_and_everywhere(school: School) -> None:
    somebody, first = invited(school, "leaving")
    sessions = school.home.team.sessions
    second, third = (sessions.begin(somebody, Place("192.0.2.8", "Firefox/1 Linux")) for _ in range(2))
    browser = school.browser()
    browser.cookies.set(COOKIE, first)
    assert "Firefox · Linux" in browser.get("/account").text
    present = sessions.who(second)
    assert present
    assert post(browser, f"/sign-out/{present.sign_in.id}").headers["location"] == "/account"
    assert [sessions.who(token) is not None for token in (first, second, third)] == [True, False, True]
    out = post(browser, "/sign-out/everywhere")
    assert out.headers["location"] == "/sign-in"
    assert "Max-Age=0" in out.headers["set-cookie"]
    assert [sessions.who(token) for token in (first, third)] == [None, None]


def test_nobody_signs_out_another(school: School) -> None:
    _, token = invited(school, "staying")
    present = school.home.team.sessions.who(token)
    assert present
    post(school.browser("ben"), f"/sign-out/{present.sign_in.id}")
    assert school.home.team.sessions.who(token)


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """A websocket that says whatever it is told."""
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": message["text"]})


def test_a_websocket_ends_with_the_sign_in(school: School) -> None:
    somebody, token = invited(school, "watching")
    browser = TestClient(TeamAccess(echo, lambda: school.home.team), base_url=HERE)
    browser.cookies.set(COOKIE, token)
    with browser.websocket_connect(SOCKET, headers=OUR_PAGE) as socket:
        socket.send_text("a click")
        assert socket.receive_text() == "a click"
        school.home.team.sessions.end_all(somebody)
        socket.send_text("another")
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
        assert closed.value.code == 1008


async def tell(scope: Scope, receive: Receive, send: Send) -> None:
    """A websocket that goes on telling, whether or not anybody says something."""
    await receive()
    await send({"type": "websocket.accept"})
    for _ in range(1_000):
        await send({"type": "websocket.send", "text": "news"})


def test_a_websocket_that_only_tells_ends_as_well(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    somebody, token = invited(school, "listening")
    monkeypatch.setattr(guard, "LOOK_EVERY", 0.0)
    browser = TestClient(TeamAccess(tell, lambda: school.home.team), base_url=HERE)
    browser.cookies.set(COOKIE, token)
    with browser.websocket_connect(SOCKET, headers=OUR_PAGE) as socket:
        assert socket.receive_text() == "news"
        school.home.team.sessions.end_all(somebody)
        heard = iter(socket.receive, None)
        closed = next(each for each in heard if each["type"] == "websocket.close")
        assert closed["code"] == 1008


@pytest.mark.parametrize("change", ["signed out", "deactivated", "no longer builds"])
def test_a_stream_ends_with_the_right_to_read_it(
    school: School, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flowloom.serve.page_token import mint_token

    team, admin = school.home.team, school.people["admin"]
    somebody, token = invited(school, f"streaming-{change.replace(' ', '-')}")
    flow = school.gpts["me"].id
    team.owners.give("gpt", flow, somebody.id)
    monkeypatch.setattr(guard, "LOOK_EVERY", 0.0)
    monkeypatch.setattr("flowloom.serve.editor.PING", 0.0)
    monkeypatch.setattr("flowloom.serve.editor.LOOK", 0.01)
    done = {
        "signed out": lambda: team.sessions.end_all(somebody),
        "deactivated": lambda: team.close(admin, somebody),
        "no longer builds": lambda: team.set_role(admin, somebody, "member"),
    }
    browser = school.browser()
    browser.cookies.set(COOKIE, token)
    ask = TeamAccess.still_in

    def ask_then(guard: TeamAccess, scope: Scope) -> bool:
        done[change]()
        return ask(guard, scope)

    monkeypatch.setattr(TeamAccess, "still_in", ask_then)
    # The test client gathers a whole stream before it hands any of it out: it ends, or this would not.
    answer = browser.get(f"/flows/{flow}/live", headers={"x-flowloom-token": mint_token(flow)})
    assert (answer.status_code, answer.text.startswith("event: status")) == (200, True)
    team.owners.give("gpt", flow, school.people["ben"].id)


def test_the_log_is_for_admins_and_tells_no_secret(school: School) -> None:
    post(school.browser(), "/sign-in", name="ben", password="wrong password")
    school.home.team.deeds.add("published", "x", "=cmd()", "trips")
    table = school.browser("admin").get("/people/log/csv")
    assert table.headers["content-disposition"] == 'attachment; filename="flowloom-log.csv"'
    assert "sign_in_failed" in table.text
    assert "'=cmd()" in table.text
    lines = [json.loads(line) for line in school.browser("admin").get("/people/log/jsonl").text.splitlines()]
    assert {"joined", "invited", "set_up"} <= {line["what"] for line in lines}
    for secret in (PASSWORD, "wrong password", *school.tokens.values()):
        assert secret not in table.text
        assert secret not in json.dumps(lines)
    assert school.browser("admin").get("/people/log/x").status_code == 404


# -- who may use what is published


@pytest.mark.parametrize(
    ("audience", "may"),
    [
        ("me", {"ben"}),
        ("people", {"ben", "member", "pupil"}),
        ("workspace", {"ben", "member", "pupil", "other", "admin"}),
        ("link", {"ben", "member", "pupil", "other", "admin", ""}),
    ],
)
def test_what_is_published_is_there_for_whom_it_is_meant(school: School, audience: str, may: set[str]) -> None:
    for who in ("", "ben", "member", "pupil", "other", "admin"):
        browser = school.browser(who)
        page = browser.get(f"/gpt/gpt-{audience}", headers=HTML)
        opened = {"": 303}.get(who, 404)
        assert page.status_code == (200 if who in may else opened), who
        token = browser.post(f"/gpt/gpt-{audience}/visitor", headers=OUR_PAGE)
        assert token.status_code == (201 if who in may else 404), who
        listed = school.browser(who).get("/gpts").text if who else ""
        assert (f"Secret {audience}" in listed) == (who in may - {"ben", ""} and audience != "link"), who


def test_a_stranger_learns_nothing_of_what_is_there(school: School) -> None:
    there, nothing = (school.browser().get(f"/gpt/{slug}", headers=HTML) for slug in ("gpt-people", "nothing"))
    assert (there.status_code, nothing.status_code) == (303, 303)
    assert nothing.headers["location"] == "/sign-in?next=%2Fgpt%2Fnothing"


def test_a_link_in_an_email_opens_the_gpt_for_whoever_is_signed_in(school: School) -> None:
    """Such a link brings no cookie; our own page, which it gets, does."""
    browser = school.browser()
    answer = browser.get("/gpt/gpt-people", headers=HTML | A_PAGE | {"sec-fetch-site": "cross-site"})
    assert (answer.status_code, 'content="0;url=/gpt/gpt-people"' in answer.text) == (200, True)


def test_a_conversation_follows_the_account_and_not_the_browser(school: School) -> None:
    one, two, other = school.browser("member"), school.browser("member"), school.browser("pupil")
    tokens = [
        each.post("/gpt/gpt-people/visitor", headers=OUR_PAGE).json()["visitor"] for each in (one, two, other)
    ]
    headers = [OUR_PAGE | {"x-flowloom-visitor": token} for token in tokens]
    chat = one.post("/gpt/gpt-people/chats", headers=headers[0]).json()["id"]
    assert two.get(f"/gpt/gpt-people/chats/{chat}", headers=headers[1]).status_code == 200
    assert other.get(f"/gpt/gpt-people/chats/{chat}", headers=headers[0]).status_code == 404
    stranger = school.browser().get(f"/gpt/gpt-people/chats/{chat}", headers=headers[0])
    assert stranger.status_code == 404


def test_only_whoever_talks_shares_a_conversation_and_nobody_learns_their_name(school: School) -> None:
    flow, shared = school.gpts["people"], school.home.shared_conversations
    headers = OUR_PAGE | {"x-flowloom-visitor": new_token()}
    chat = school.browser("member").post("/gpt/gpt-people/chats", headers=headers).json()["id"]
    school.home.runs.add_turn(chat, "user", "Hello")
    sharing = f"/gpt/gpt-people/chats/{chat}/sharing"
    for who in ("", "ben", "pupil", "other", "admin"):
        assert school.browser(who).post(sharing, headers=headers).status_code == 404, who
        assert shared.entries(flow.id) == []
    assert school.browser("member").post(sharing, headers=headers).status_code == 204
    (entry,) = shared.entries(flow.id)
    account = school.people["member"]
    told = f"{entry} {shared.turns(flow.id, chat)}"
    assert not [each for each in (account.id, account.name, account.shown) if each in told]
    for who in ("", "ben", "pupil", "other", "admin"):
        assert school.browser(who).delete(sharing, headers=headers).status_code == 404, who
    assert school.browser("member").delete(sharing, headers=headers).status_code == 204
    assert shared.entries(flow.id) == []


def test_who_may_read_a_document_follows_from_the_groups(school: School) -> None:
    team, runs = school.home.team, school.home.runs
    admin, pupil = school.people["admin"], school.people["pupil"]
    browser = school.browser("pupil")
    token = browser.post("/gpt/gpt-people/visitor", headers=OUR_PAGE).json()["visitor"]
    headers = OUR_PAGE | {"x-flowloom-visitor": token}
    chat = browser.post("/gpt/gpt-people/chats", headers=headers).json()["id"]
    assert (runs.reader_of(chat).name, runs.reader_of(chat).groups) == ("pupil", ("pupils",))
    team.set_groups(admin, pupil, ["pupils", "library"])
    browser.post(f"/gpt/gpt-people/chats/{chat}/messages", json={"text": "Hello"}, headers=headers)
    assert runs.reader_of(chat).groups == ("library", "pupils")
    team.set_groups(admin, pupil, ["pupils"])
    browser.post(f"/gpt/gpt-people/chats/{chat}/messages", json={"text": "Hello again"}, headers=headers)
    assert runs.reader_of(chat).groups == ("pupils",)


def test_the_pages_carry_nothing_of_another_host(school: School) -> None:
    browser = school.browser()
    for path in ("/sign-in", f"/invitation/{school.home.team.joining.invite(school.people['admin'], 'member')}"):
        page = browser.get(path)
        assert page.text.count("<script") == page.text.count('<script src="/sign-in/passkey.js" defer></script>')
        assert "http" not in page.text.replace("http://www.w3.org", "")
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert page.headers["x-frame-options"] == "SAMEORIGIN"
        assert page.headers["referrer-policy"] == "same-origin"


def test_a_database_that_does_not_answer_lets_nobody_in(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    from flowloom.errors import StoreError

    def gone(token: str) -> None:
        raise StoreError("The database doesn’t answer.", "Try again.")

    monkeypatch.setattr(school.home.team.sessions, "who", gone)
    assert school.browser("admin").get("/build").status_code == 503


def test_without_the_flag_there_is_none_of_this(tmp_path: Any) -> None:
    from flowloom.ui import server

    app = server.app_parts()
    assert not [route for route in app["routes"] if getattr(route, "path", "").startswith(("/sign-in", "/set-up"))]
