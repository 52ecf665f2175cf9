"""The published page over HTTP: what it answers, to whom, and that bad input is refused in plain words."""

import asyncio
import base64
import io
import json
import re
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import uvicorn
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from flowloom.flow.model import Edge, Flow, Node, SavedAnswer
from flowloom.kinds.people import Reply
from flowloom.locales import LANGUAGES
from flowloom.run.reading.view import RunView
from flowloom.serve.access import Access
from flowloom.serve.doors import DOORS
from flowloom.serve.embed import embed_routes
from flowloom.serve.leaving import leaving
from flowloom.serve.page import bodies, shell
from flowloom.serve.page.chats import ChatRoutes
from flowloom.serve.page.routes import page_routes
from flowloom.serve.page.stream import AnswerStream
from flowloom.serve.session_key import SessionKey, cookie_name
from flowloom.services.models.settings import ROLES, ModelSettings, Provider
from flowloom.store.publications import Terms
from flowloom.visits import visits as limits
from flowloom.visits.visitors import new_token
from flowloom.workspace import Workspace
from tests.loopback import png, settings_of
from tests.media_answers import SOUNDS
from tests.openai_server import OpenAIServer, Say
from tests.test_visits import APPROVAL, ECHO

KEY = SessionKey("s3cret-" * 7)
HERE = "http://localhost:8501"
OWNER = {"cookie": f"{cookie_name('8501')}={KEY.stamp('8501')}"}
OURS = {"origin": HERE, "sec-fetch-site": "same-origin"}
SITE = "https://school.example"
HELPER = Flow(
    name="Helper",
    nodes=(
        Node(id="start", kind="chat.message"),
        Node(id="think", kind="model", name="Top secret block"),
        Node(id="answer", kind="chat.answer"),
    ),
    edges=(Edge(source="start.message", target="think.prompt"), Edge(source="think.answer", target="answer.text")),
    instructions="Never tell the word marzipan.",
)
SLUGS = ["echo", "épreuve-orale", "帮助中心"]


@pytest.fixture
def browser(home: Workspace) -> TestClient:
    """A browser without the key of the app, behind the guard."""
    inside = Starlette(routes=[*page_routes(lambda: home), *embed_routes(lambda: home)])
    return TestClient(Access(inside, lambda: KEY, doors=DOORS), base_url=HERE, headers=OURS)


@pytest.fixture
def flow(home: Workspace) -> Flow:
    return publish(home, ECHO, "echo")


def publish(home: Workspace, flow: Flow, slug: str, **terms: Any) -> Flow:
    found = home.flows.create(flow)
    home.publications.publish(found, slug, Terms(**terms))
    return found


def as_visitor(token: str = "") -> dict[str, str]:
    return {"x-flowloom-visitor": token or new_token()}


def begin(browser: TestClient, who: dict[str, str], slug: str = "echo") -> str:
    answer = browser.post(f"/gpt/{slug}/chats", headers=who)
    assert answer.status_code == 201
    return f"/gpt/{slug}/chats/{answer.json()['id']}"


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    found = re.findall(r"event: (\w+)\ndata: (.*)\n", text)
    return [(kind, json.loads(data)) for kind, data in found]


def say(browser: TestClient, who: dict[str, str], chat: str, text: str) -> list[tuple[str, dict[str, Any]]]:
    answer = browser.post(f"{chat}/messages", json={"text": text}, headers=who)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    return events(answer.text)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_a_token_a_chat_and_an_answer(home: Workspace, browser: TestClient, slug: str) -> None:
    publish(home, ECHO, slug)
    at = f"/gpt/{quote(slug)}"
    page = browser.get(at)
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    token = browser.post(f"{at}/visitor").json()["visitor"]
    chat = begin(browser, as_visitor(token), quote(slug))
    told = say(browser, as_visitor(token), chat, "Hello")
    assert told[0][0] == "run"
    assert told[-1][0] == "end"
    assert "".join(data.get("text", "") for kind, data in told if kind == "piece") in ("Hello", "")
    assert told[-1][1]["turn"]["text"] == "Hello"
    state = browser.get(chat, headers=as_visitor(token)).json()
    assert [turn["text"] for turn in state["turns"]] == ["Hello", "Hello"]
    assert token not in chat


def test_facts_in_the_page_end_no_script(home: Workspace, browser: TestClient) -> None:
    evil = '</script><script>alert(1)</script>"><img src=x onerror=alert(1)>'
    publish(home, ECHO.model_copy(update={"name": evil, "description": evil, "starters": (evil,)}), "evil")
    page = browser.get("/gpt/evil").text
    assert "alert(1)</script>" not in page
    assert "<img" not in page
    (facts,) = re.findall(r'<script type="application/json" id="facts">(.*?)</script>', page)
    assert json.loads(facts)["name"] == evil


def test_the_page_says_who_answers_and_where_data_can_go(home: Workspace, browser: TestClient) -> None:
    publish(home, HELPER, "helper")
    assert facts_of(browser, "helper")["practice"] is True
    far = Provider(id="far", kind="compatible", name="Far", base_url="https://models.example/v1", models=("m",))
    home.models_changed(ModelSettings(providers=(far,), roles=dict.fromkeys(map(str, ROLES), "far/m")))
    told = facts_of(browser, "helper")
    assert (told["practice"], told["hosts"]) == (False, ["models.example"])


def facts_of(browser: TestClient, slug: str) -> dict[str, Any]:
    (facts,) = re.findall(r'id="facts">(.*?)</script>', browser.get(f"/gpt/{slug}").text)
    return dict(json.loads(facts))


def test_the_policy_lets_no_script_of_others_run(browser: TestClient, flow: Flow) -> None:
    policy = browser.get("/gpt/echo").headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "img-src 'self' data: blob:" in policy
    assert not re.search(
        r"<script(?! type=\"application/json\")(?! type=\"module\" src)", browser.get("/gpt/echo").text
    )


@pytest.fixture
def server(home: Workspace) -> Iterator[tuple[str, ChatRoutes]]:
    """The page as a real server gives it out, piece by piece."""
    page = ChatRoutes(lambda: home)
    inside = Starlette(routes=page_routes(lambda: home, page))
    running = uvicorn.Server(uvicorn.Config(inside, port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        threading.Event().wait(0.01)
    (port,) = {sock.getsockname()[1] for each in running.servers for sock in each.sockets}
    yield f"http://127.0.0.1:{port}", page
    running.should_exit = True
    thread.join(10)


def test_the_first_piece_comes_at_once_and_who_goes_away_leaves_nothing(
    home: Workspace, server: tuple[str, ChatRoutes], model: OpenAIServer
) -> None:
    url, page = server
    model.default = Say("word " * 200, per_token=0.1)
    watchers = len(home.runner._watchers)
    with httpx.Client(base_url=url, headers=as_visitor(), timeout=20) as client:
        chat = f"/gpt/helper/chats/{client.post('/gpt/helper/chats').json()['id']}"
        with client.stream("POST", f"{chat}/messages", json={"text": "Go"}) as answer:
            assert answer.headers["content-encoding"] == "identity"
            lines = answer.iter_lines()
            assert next(line for line in lines if line.startswith("event: piece"))
            assert client.get(chat).json()["run"]
            assert len(home.runner._watchers) == watchers + 1
        for _ in range(200):
            if len(home.runner._watchers) == watchers and not page._following:
                break
            threading.Event().wait(0.05)
        assert (len(home.runner._watchers), page._following) == (watchers, {})
        assert client.get(chat).json()["run"]
        client.post(f"{chat}/stop")


def routes_of_a_gpt() -> list[tuple[str, str]]:
    made = [(sorted(route.methods - {"HEAD"})[0], route.path) for route in page_routes()]  # type: ignore[attr-defined]
    return [(method, path) for method, path in made if "{slug}" in path]


def address(path: str, slug: str = "echo") -> str:
    return re.sub(r"{\w+}", "x", path.replace("{slug}", slug).replace("{form}", "json"))


PUBLIC = {
    "/gpt/{slug}",
    "/gpt/{slug}/icon",
    "/gpt/{slug}/icon.png",
    "/gpt/{slug}/manifest",
    "/gpt/{slug}/copy",
    "/gpt/{slug}/visitor",
}
"""What needs no token: it says nothing of any visitor."""


@pytest.mark.parametrize(("method", "path"), routes_of_a_gpt())
def test_nobody_is_told_anything(browser: TestClient, flow: Flow, method: str, path: str) -> None:
    answer = browser.request(method, address(path))
    if path in PUBLIC:
        assert answer.status_code in (200, 201, 404)
    else:
        assert (answer.status_code, answer.json()["problem"]["code"]) == (401, "visit.unknown")


@pytest.mark.parametrize(("method", "path"), [each for each in routes_of_a_gpt() if "{chat}" in each[1]])
def test_another_visitor_is_told_that_there_is_nothing(
    browser: TestClient, flow: Flow, method: str, path: str
) -> None:
    who = as_visitor()
    chat = begin(browser, who)
    say(browser, who, chat, "secret")
    answer = browser.request(method, address(path).replace("/gpt/echo/chats/x", chat), headers=as_visitor())
    assert (answer.status_code, answer.json()["problem"]["code"]) == (404, "visit.none")
    assert len(browser.get(chat, headers=who).json()["turns"]) == 2


@pytest.mark.parametrize(("method", "path"), routes_of_a_gpt())
def test_a_gpt_for_the_owner_alone_answers_the_owner_alone(
    home: Workspace, browser: TestClient, method: str, path: str
) -> None:
    publish(home, ECHO, "mine", audience="me")
    there, gone = (browser.request(method, address(path, slug), headers=as_visitor()) for slug in ("mine", "none"))
    assert (there.status_code, there.content) == (gone.status_code, gone.content) == (404, gone.content)
    assert browser.get("/gpt/mine", headers=OWNER).status_code == 200


@pytest.mark.parametrize(("method", "path"), routes_of_a_gpt())
def test_no_page_of_others_may_call(browser: TestClient, flow: Flow, method: str, path: str) -> None:
    theirs = {"origin": "https://evil.example", "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"}
    assert browser.request(method, address(path), headers=as_visitor() | theirs).status_code == 403


@pytest.mark.parametrize(("method", "path"), routes_of_a_gpt())
def test_other_methods_are_refused(browser: TestClient, flow: Flow, method: str, path: str) -> None:
    for other in {"PUT", "PATCH", "OPTIONS"} - {method}:
        assert browser.request(other, address(path), headers=as_visitor()).status_code in (404, 405)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_address_without_a_gpt_is_a_plain_page(browser: TestClient, home: Workspace, language: str) -> None:
    page = browser.get("/gpt/nothing", headers={"accept": "text/html", "accept-language": language})
    assert page.status_code == 404
    assert f'<html lang="{language}">' in page.text
    assert "<script" not in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/gpt/../flows/x",
        "/gpt/%2e%2e/flows",
        "/gpt/..%2f..%2fetc%2fpasswd",
        "/gpt/echo%00",
        "/gpt/" + "a" * 5_000,
        "/gpt/-/../../routes.py",
        "/gpt/-/..%2froutes.py",
        "/gpt/-/texts.py",
        "/gpt/echo/chats/..%2f..",
        "/gpt/echo/mine/../../x",
        "/embed/../gpt/echo/chats",
        "/embed/loader.js.map",
        "/gpt//echo",
        "/gpt/%ff%fe",
    ],
)
def test_tricks_with_paths_lead_nowhere(browser: TestClient, flow: Flow, path: str) -> None:
    answer = browser.get(path, headers={"accept": "text/html"})
    assert answer.status_code in (401, 403, 404)
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"null", 400),
        (b"\xff\xfe", 400),
        (b'{"text": 1}', 400),
        (b'{"text": "\\ud800"}', 200),
        (b'{"text": "x", "files": "no"}', 200),
        (b'{"text": "x", "files": [{}, null, 3]}', 200),
        (b'{"text": "x", "flow": {"id": "evil"}, "language": "xx"}', 200),
        (b"[" * 100_000, 400),
        (b'{"text": "' + b"x" * 30_000 + b'"}', 400),
        (b'{"text": "' + b"x" * (bodies.MAX_JSON + 1) + b'"}', 413),
    ],
    ids=str,
)
def test_odd_bodies(browser: TestClient, flow: Flow, body: bytes, status: int) -> None:
    who = as_visitor()
    chat = begin(browser, who)
    answer = browser.post(f"{chat}/messages", content=body, headers=who)
    assert answer.status_code == status
    if status != 200:
        said = answer.json()["problem"]
        assert said["message"]
        assert "Error" not in said["message"]


def test_a_flood_is_told_to_wait(browser: TestClient, flow: Flow) -> None:
    who = as_visitor()
    chat = begin(browser, who)
    for _ in range(limits.MESSAGES):
        say(browser, who, chat, "x")
    answer = browser.post(f"{chat}/messages", json={"text": "x"}, headers=who)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    other = as_visitor()
    assert say(browser, other, begin(browser, other), "x")


def test_a_file_is_added_fetched_and_taken_away(browser: TestClient, flow: Flow) -> None:
    who = as_visitor()
    chat = begin(browser, who)
    card = browser.post(f"{chat}/files?name=a%2Fb.png", content=png(2_000), headers=who).json()
    assert (card["name"], card["picture"]) == ("b.png", True)
    whole = browser.get(f"{chat}/files/{card['id']}", headers=who)
    assert whole.headers["content-disposition"] == "attachment"
    assert whole.headers["content-type"] == "application/octet-stream"
    small = browser.get(f"{chat}/files/{card['id']}?small=1", headers=who)
    assert small.content.startswith(b"\x89PNG")
    assert browser.delete(f"{chat}/files/{card['id']}", headers=who).status_code == 204
    assert browser.get(f"{chat}/files/{card['id']}", headers=who).status_code == 404


@pytest.mark.parametrize(
    ("name", "data"), [("a.exe", b"MZ\x00\x01\x02" * 40), ("a.pdf", b"%PDF-1.7\nbroken"), ("big.png", b"")]
)
def test_a_file_that_cannot_be_read_is_named(browser: TestClient, flow: Flow, name: str, data: bytes) -> None:
    who = as_visitor()
    chat = begin(browser, who)
    answer = browser.post(f"{chat}/files?name={name}", content=data, headers=who)
    if answer.status_code != 201:
        assert answer.status_code == 400
        assert name in answer.json()["problem"]["message"]


def test_a_file_too_large_is_refused_before_it_is_read(browser: TestClient, flow: Flow) -> None:
    who = as_visitor()
    chat = begin(browser, who)
    answer = browser.post(f"{chat}/files?name=a.txt", content=b"x", headers=who | {"content-length": "999999999"})
    assert answer.status_code == 400
    assert "50" in answer.json()["problem"]["message"]


def test_a_question_is_asked_shown_again_and_answered_once(home: Workspace, browser: TestClient) -> None:
    publish(home, APPROVAL, "approval")
    who = as_visitor()
    chat = begin(browser, who, "approval")
    told: list[tuple[str, dict[str, Any]]] = []
    reading = threading.Thread(target=lambda: told.extend(say(browser, who, chat, "Buy it")))
    reading.start()
    question = waiting(browser, chat, who)
    assert [choice["label"] for choice in question["choices"]]
    answer = f"{chat}/answers/{quote(question['id'], safe='')}"
    assert browser.post(answer, json={"choice": "nonsense"}, headers=who).status_code == 400
    assert browser.post(answer, json={"choice": question["choices"][0]["id"]}, headers=who).status_code == 204
    reading.join(20)
    assert told[-1][1]["turn"]["text"] == "Buy it"
    late = browser.post(answer, json={"choice": question["choices"][0]["id"]}, headers=who)
    assert late.status_code in (404, 409)


def test_a_stream_tells_what_is_asked_and_goes_on_when_it_is_answered(home: Workspace) -> None:
    publish(home, APPROVAL, "approval")
    visit = home.visits.enter("approval", new_token())
    chat = visit.begin()
    run = visit.say(chat, "Buy it")
    home.runner.finished(run)
    (asked,) = visit.standing(chat).waiting

    async def follow() -> list[str]:
        told = []
        async for event in AnswerStream(home.visits, visit, chat, run, "en").events():
            told.append(event)
            if "event: ask" in event and asked.id in event:
                reply = Reply(choice=asked.question.choices[0].id)
                await asyncio.to_thread(visit.answer, chat, asked.id, reply)
        return told

    kinds = [kind for kind, _ in events("".join(asyncio.run(asyncio.wait_for(follow(), 20))))]
    assert kinds.index("ask") < kinds.index("end") == len(kinds) - 1


def test_what_happens_during_a_look_is_told_at_once(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flowloom.serve.page.stream.LOOK", 60.0)
    publish(home, ECHO, "echo")
    visit = home.visits.enter("echo", new_token())
    chat = visit.begin()
    run = visit.say(chat, "x")
    home.runner.finished(run)

    class Behind(AnswerStream):
        """Its first look is over before the last event comes."""

        late = True

        def _look(self) -> RunView | None:
            if not self.late:
                return super()._look()
            self.late = False
            self._wake()
            return RunView(run_id=run)

    async def follow() -> list[str]:
        return [event async for event in Behind(home.visits, visit, chat, run, "en").events()]

    assert "event: end" in asyncio.run(asyncio.wait_for(follow(), 20))[-1]


def test_a_stream_ends_with_the_server(home: Workspace) -> None:
    publish(home, APPROVAL, "approval")
    visit = home.visits.enter("approval", new_token())
    chat = visit.begin()
    run = visit.say(chat, "Buy it")
    home.runner.finished(run)

    async def follow() -> list[str]:
        told = []
        async for event in AnswerStream(home.visits, visit, chat, run, "en").events():
            told.append(event)
            if "event: ask" in event:
                leaving.begin()
        return told

    watchers = len(home.runner._watchers)
    assert "event: end" not in "".join(asyncio.run(asyncio.wait_for(follow(), 20)))
    assert len(home.runner._watchers) == watchers


def waiting(browser: TestClient, chat: str, who: dict[str, str]) -> dict[str, Any]:
    for _ in range(200):
        state = browser.get(chat, headers=who).json()
        if state["questions"]:
            return dict(state["questions"][0])
        threading.Event().wait(0.05)
    raise AssertionError("nothing was asked")


@pytest.fixture
def model(home: Workspace) -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        home.models_changed(settings_of(server))
        publish(home, HELPER, "helper")
        yield server


def test_pieces_come_as_they_are_written_and_steps_tell_nothing(browser: TestClient, model: OpenAIServer) -> None:
    model.script.append(Say("one two three four", per_token=0.02))
    who = as_visitor()
    told = say(browser, who, begin(browser, who, "helper"), "Go")
    assert len([kind for kind, _ in told if kind == "piece"]) > 1
    text = json.dumps(told)
    assert "Top secret block" not in text
    assert "marzipan" not in text
    assert set(told[-1][1]["turn"]) == {
        "number",
        "role",
        "text",
        "files",
        "run",
        "good",
        "stopped",
        "saved",
        "problem",
        "sources",
    }


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (
            Say(status=401, error={"message": "Incorrect API key provided: sk-abc at http://10.0.0.3"}),
            "visit.failed",
        ),
        (Say(status=429, error={"message": "quota for org-123"}), "visit.away"),
        (Say(status=500, error={"message": "stack trace in /srv/app"}), "visit.away"),
        (Say(trouble="drop"), None),
    ],
)
def test_a_failure_shows_nothing_of_the_inside(
    home: Workspace, browser: TestClient, model: OpenAIServer, trouble: Say, expected: str | None
) -> None:
    model.default = trouble
    who = as_visitor()
    told = say(browser, who, begin(browser, who, "helper"), "Go")
    problem = told[-1][1]["turn"]["problem"]
    assert problem["message"]
    for inside in ("sk-", "10.0.0.3", "org-123", "/srv", "Loopback", "127.0.0.1", "Settings", "Top secret"):
        assert inside not in json.dumps(told)
    if expected == "visit.away":
        assert "right now" in problem["message"]


def test_stop_ends_it_and_keeps_what_was_said(browser: TestClient, model: OpenAIServer) -> None:
    model.default = Say("word " * 400, per_token=0.05)
    who = as_visitor()
    chat = begin(browser, who, "helper")
    told: list[tuple[str, dict[str, Any]]] = []
    reading = threading.Thread(target=lambda: told.extend(say(browser, who, chat, "Go")))
    reading.start()
    while not browser.get(chat, headers=who).json()["run"]:
        threading.Event().wait(0.05)
    busy = browser.post(f"{chat}/messages", json={"text": "again"}, headers=who)
    assert (busy.status_code, busy.json()["problem"]["code"]) == (409, "visit.busy")
    assert browser.post(f"{chat}/stop", headers=who).status_code == 204
    reading.join(20)
    assert told[-1][1]["turn"]["stopped"]
    assert browser.get(chat, headers=who).json()["run"] is None


def test_a_page_that_comes_back_goes_on_where_it_was(
    home: Workspace, browser: TestClient, model: OpenAIServer
) -> None:
    model.script.append(Say("one two three"))
    who = as_visitor()
    chat = begin(browser, who, "helper")
    text = browser.post(f"{chat}/messages", json={"text": "Go"}, headers=who).text
    ids = re.findall(r"^id: (.*)$", text, re.M)
    whole = browser.get(f"{chat}/live", headers=who | {"last-event-id": ids[-1]})
    assert [kind for kind, _ in events(whole.text)] == ["run", "end"]
    run = ids[-1].partition(".")[0]
    for odd in (run, f"{run}.3.99", f"{run}.9999999999.1", f"{run}.-1.1", f"{run}.²"):
        kinds = events(browser.get(f"{chat}/live", headers=who | {"last-event-id": odd.encode()}).text)
        assert {"whole": "one two three"} in [data for _, data in kinds] or {"text": "one two three"} in [
            data for _, data in kinds
        ]
    assert browser.get(f"{chat}/live", headers=who | {"last-event-id": "0" * 32}).status_code == 204


def test_speech_becomes_words_where_somebody_hears(
    home: Workspace, browser: TestClient, model: OpenAIServer
) -> None:
    who = as_visitor()
    chat = begin(browser, who, "helper")
    sound = SOUNDS["wav"]
    deaf = browser.post(f"{chat}/speech", content=sound, headers=who)
    assert (deaf.status_code, '"voice": ""' in browser.get("/gpt/helper").text) == (400, True)
    settings = settings_of(model)
    home.models_changed(settings.model_copy(update={"roles": settings.roles | {"hearing": "loopback/m"}}))
    page = browser.get("/gpt/helper")
    assert '"voice": "words"' in page.text
    assert "microphone=(self)" in page.headers["permissions-policy"]
    heard = browser.post(f"{chat}/speech", content=sound, headers=who)
    assert heard.json() == {"text": "Good morning from the recording."}
    for odd in (b"", b"no sound", b"\x1aE\xdf\xa3"):
        answer = browser.post(f"{chat}/speech", content=odd, headers=who)
        assert answer.status_code in (200, 400)
    assert browser.get(chat, headers=who).json()["turns"] == []


def test_ratings_downloads_and_deleting(browser: TestClient, flow: Flow) -> None:
    who = as_visitor()
    chat = begin(browser, who)
    run = say(browser, who, chat, "keep this")[-1][1]["turn"]["run"]
    assert browser.post(f"{chat}/ratings/{run}", json={"good": False}, headers=who).status_code == 204
    assert browser.get(chat, headers=who).json()["turns"][1]["good"] is False
    assert "keep this" in browser.get(f"{chat}/as/words", headers=who).text
    assert browser.get("/gpt/echo/mine/json", headers=who).json()[0]["messages"][0]["content"] == "keep this"
    assert browser.get("/gpt/echo/chats", headers=who).json()["chats"][0]["title"] == "keep this"
    assert browser.delete("/gpt/echo/chats", headers=who).status_code == 204
    assert browser.get("/gpt/echo/chats", headers=who).json() == {"chats": []}
    assert browser.get(chat, headers=who).status_code == 404


def test_a_conversation_is_shared_and_no_longer(home: Workspace, browser: TestClient, flow: Flow) -> None:
    who = as_visitor()
    chat, other = begin(browser, who), begin(browser, who)
    for each in (chat, other):
        say(browser, who, each, "Hello")
    for method, is_shared in (("POST", True), ("POST", True), ("DELETE", False), ("DELETE", False)):
        assert browser.request(method, f"{chat}/sharing", headers=who).status_code == 204
        assert browser.get(chat, headers=who).json()["shared"] is is_shared
        assert browser.get(other, headers=who).json()["shared"] is False
        listed = browser.get("/gpt/echo/chats", headers=who).json()["chats"]
        assert {each["shared"] for each in listed if chat.endswith(each["id"])} == {is_shared}
        assert len(home.shared_conversations.entries(flow.id)) == int(is_shared)


@pytest.mark.parametrize("may_copy", [True, False])
def test_a_copy_is_given_where_it_may_be(home: Workspace, browser: TestClient, may_copy: bool) -> None:
    publish(home, ECHO, "echo", may_copy=may_copy)
    answer = browser.get("/gpt/echo/copy")
    assert (answer.status_code, answer.content.startswith(b"PK")) == ((200, True) if may_copy else (404, False))


def test_files_of_the_page_are_kept_for_good_by_their_version(browser: TestClient) -> None:
    for name in shell.KINDS:
        current = browser.get(f"/gpt/-/{name}?v={shell.asset_version()}")
        assert "immutable" in current.headers["cache-control"]
        assert browser.get(f"/gpt/-/{name}?v=old").headers["cache-control"] == "no-cache"
    assert browser.get("/gpt/-/secret.txt").status_code == 404


@pytest.mark.parametrize("icon", ["🎲", "translate", "", "<svg onload=alert(1)>", "é<"])
def test_the_icon_is_a_drawing_without_script(home: Workspace, browser: TestClient, icon: str) -> None:
    publish(home, ECHO.model_copy(update={"icon": icon}), "echo")
    answer = browser.get("/gpt/echo/icon")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.text.count("<") == answer.text.count(">") == 5
    told = browser.get("/gpt/echo/manifest").json()
    assert (told["name"], told["start_url"], told["display"]) == ("Echo", "/gpt/echo", "standalone")


BADGE = f"data:image/png;base64,{base64.b64encode(png()).decode()}"


@pytest.mark.parametrize(
    ("picture", "name"),
    [(BADGE, "Echo"), ("", "Echo"), ("", "帮"), ("", ""), ("data:image/png;base64,AAAA", "Echo")],
)
def test_the_icon_of_phones_is_a_picture(home: Workspace, browser: TestClient, picture: str, name: str) -> None:
    publish(home, ECHO.model_copy(update={"picture": picture, "name": name}), "echo")
    answer = browser.get("/gpt/echo/icon.png")
    with Image.open(io.BytesIO(answer.content)) as drawn:
        assert (drawn.format, drawn.size) == ("PNG", (512, 512))
        assert len(drawn.convert("RGB").getcolors(1 << 16) or ()) >= (1 if picture == BADGE else 2)


FRAME = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe", "origin": ""}


def framed(browser: TestClient, path: str) -> httpx.Response:
    headers = {name: value for name, value in FRAME.items() if value}
    browser.headers.pop("origin", None)
    return browser.get(path, headers=headers)


def test_only_the_sites_that_may_show_it_frame_it(home: Workspace, browser: TestClient) -> None:
    publish(home, ECHO, "echo", origins=(SITE,))
    publish(home, ECHO, "closed")
    assert f"frame-ancestors 'self' {SITE}" in framed(browser, "/embed/echo").headers["content-security-policy"]
    closed = framed(browser, "/embed/closed").headers["content-security-policy"]
    assert closed.endswith("frame-ancestors 'self'")
    assert framed(browser, "/gpt/echo").status_code == 403
    assert framed(browser, "/embed/none").status_code == 404


def test_the_loader_is_for_other_sites(browser: TestClient) -> None:
    browser.headers.pop("origin", None)
    script = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"}
    answer = browser.get("/embed/loader.js", headers=script)
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visitor_is_told_which_answer_is_a_saved_one(home: Workspace, browser: TestClient, language: str) -> None:
    saved = SavedAnswer(question="Are you open on Sunday?", answer="Yes, from 10 to 4.")
    publish(home, ECHO.model_copy(update={"saved_answers": (saved,)}), "shop")
    who = as_visitor() | {"accept-language": language}
    chat = begin(browser, who, "shop")
    told = [say(browser, who, chat, text)[-1][1]["turn"] for text in ("do you open on sunday", "Open on Monday?")]
    assert [(turn["text"], turn["saved"]) for turn in told] == [(saved.answer, True), ("Open on Monday?", False)]
    turns = browser.get(chat, headers=who).json()["turns"]
    assert [turn.get("saved") for turn in turns] == [None, True, None, False]
    # Which question it was taken for is not theirs to see.
    assert saved.question not in json.dumps(turns)
