"""Other assistants are let in by OAuth: the official client of MCP from a call without a key to an answer."""

import asyncio
import base64
import hashlib
import html
import re
import time
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import httpx2
import pytest
from mcp import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientInformationFull, OAuthClientMetadata, OAuthToken
from pydantic import AnyUrl

from flowloom.serve.agents import agent_routes
from flowloom.serve.api.routes import api_routes
from flowloom.serve.assistants.routes import assistant_routes
from flowloom.serve.mcp_tools import mcp_routes
from flowloom.serve.session_key import cookie_name
from flowloom.workspace import open_workspace
from tests.serve.api.serving import CHAT, OWNER, Served, serving

BACK = "http://127.0.0.1:3939/back"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


@cache
def program() -> httpx.Client:
    """Somebody without a cookie."""
    return httpx.Client(timeout=30)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = open_workspace(tmp_path_factory.mktemp("home"))
    routes = [each(lambda: home) for each in (api_routes, mcp_routes, agent_routes, assistant_routes)]
    with serving([route for part in routes for route in part]) as root:
        found = Served(home, None, root)  # type: ignore[arg-type]
        found.publish(CHAT, "trips")
        found.publish(CHAT, "other")
        yield found
    home.close()
    program().close()
    program.cache_clear()


@pytest.fixture(autouse=True)
def _unhurried(api: Served) -> None:
    """Nobody waits for what another test asked."""
    api.home.visits.pace._done.clear()


@pytest.fixture
def browser(api: Served) -> Iterator[httpx.Client]:
    """That of the owner."""
    port = api.root.rpartition(":")[2]
    cookies = {cookie_name(port): OWNER.stamp(port)}
    with httpx.Client(base_url=api.root, cookies=cookies, headers={"origin": api.root}) as client:
        yield client


class Kept:
    """What a client keeps between its calls."""

    tokens: OAuthToken | None = None
    client: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client = client_info


def led_to(page: httpx.Response) -> str:
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]*)"', page.text)
    assert found, page.text
    return html.unescape(found[1])


def press(browser: httpx.Client, address: str, answer: str = "yes") -> dict[str, str]:
    """Decide on the page at an address; what the program is told."""
    shown = browser.get(address)
    assert shown.status_code == 200, shown.text
    led = led_to(browser.post(address, data={"answer": answer}))
    return {name: value[0] for name, value in parse_qs(urlsplit(led).query).items()}


def ask(api: Served, browser: httpx.Client, kept: Kept, path: str = "/mcp/trips") -> Any:
    """One question by the official client, which asks the owner of the browser where it has to."""
    told: dict[str, str] = {}

    async def lead(address: str) -> None:
        told.update(await asyncio.to_thread(press, browser, address))

    async def come_back() -> AuthorizationCodeResult:
        return AuthorizationCodeResult(**told)  # type: ignore[arg-type]

    async def whole() -> Any:
        metadata = OAuthClientMetadata(client_name="Scribe", redirect_uris=[AnyUrl(BACK)])
        auth = OAuthClientProvider(api.root + path, metadata, kept, lead, come_back)
        async with (
            httpx2.AsyncClient(auth=auth, timeout=30) as http,
            Client(streamable_http_client(api.root + path, http_client=http)) as client,
        ):
            return await client.call_tool("ask", {"message": "Hello"})

    return asyncio.run(whole())


def test_the_official_client_gets_from_nothing_to_an_answer(api: Served, browser: httpx.Client) -> None:
    kept = Kept()
    answer = ask(api, browser, kept)
    assert answer.content[0].text.startswith("Hello!")
    assert kept.client
    assert (kept.client.client_secret, kept.client.token_endpoint_auth_method) == (None, "none")
    (key,) = [each for each in api.home.api_keys.of(flow_of_slug(api, "trips")) if each.facts.assistant]
    assert (key.facts.assistant, key.facts.scopes, key.account) == ("Scribe", ("mcp",), "")
    assert key.used is not None
    again = Kept()
    again.client, again.tokens = kept.client, kept.tokens
    assert ask(api, browser, again).content[0].text.startswith("Hello!")
    api.home.api_keys.revoke(key.id)
    assert kept.tokens
    assert api.post("/mcp/trips", {}, kept.tokens.access_token).status_code == 401


def flow_of_slug(api: Served, slug: str) -> str:
    return api.home.publications.find(slug).flow.id


def registered(api: Served, **more: Any) -> dict[str, Any]:
    body = {"client_name": "Scribe", "redirect_uris": [BACK], **more}
    answer = program().post(f"{api.root}/oauth/assistants/register", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def allow_address(api: Served, client: str, **more: str) -> str:
    given = {
        "response_type": "code",
        "client_id": client,
        "redirect_uri": BACK,
        "state": "s",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "resource": f"{api.root}/mcp/trips",
    } | more
    return "/oauth/assistants/allow?" + urlencode({name: value for name, value in given.items() if value != "-"})


def token(api: Served, **fields: str) -> httpx.Response:
    given = {"grant_type": "authorization_code", "redirect_uri": BACK, "code_verifier": VERIFIER} | fields
    return program().post(f"{api.root}/oauth/assistants/token", data=given)


def connected(api: Served, browser: httpx.Client) -> tuple[str, dict[str, Any]]:
    """A program that was let in: its id, and its tokens."""
    client = registered(api)["client_id"]
    answer = token(api, client_id=client, code=press(browser, allow_address(api, client))["code"])
    assert answer.status_code == 200, answer.text
    return client, answer.json()


def opens(api: Served, given: str, path: str = "/mcp/trips") -> int:
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    return api.post(path, asked, given, accept="application/json, text/event-stream").status_code


def test_a_call_without_a_key_is_told_where_one_is_let_in(api: Served) -> None:
    answer = program().post(f"{api.root}/mcp/trips", json={})
    told = answer.headers["www-authenticate"]
    found = re.search(r'resource_metadata="([^"]+)"', told)
    assert answer.status_code == 401
    assert found
    facts = program().get(found[1]).json()
    assert facts["resource"] == f"{api.root}/mcp/trips"
    (server,) = facts["authorization_servers"]
    about = program().get(f"{server}/.well-known/oauth-authorization-server").json()
    assert (about["issuer"], about["code_challenge_methods_supported"]) == (server, ["S256"])
    nowhere = program().get(f"{api.root}/.well-known/oauth-protected-resource/mcp/nowhere").json()
    assert nowhere.keys() == facts.keys()
    assert program().post(f"{api.root}/mcp", json={}).headers["www-authenticate"] == "Bearer"
    assert program().post(f"{api.root}/v1/responses", json={}).headers["www-authenticate"] == "Bearer"


def test_what_was_let_in_opens_its_gpt_alone_and_is_kept_by_digest(api: Served, browser: httpx.Client) -> None:
    _, found = connected(api, browser)
    access, refresh = found["access_token"], found["refresh_token"]
    assert (opens(api, access), opens(api, refresh)) == (200, 401)
    assert api.post("/mcp/other", {}, access).status_code == 404
    assert api.post("/v1/chat/completions", {"model": "trips"}, access).status_code == 403
    kept = str(api.home._db.all("SELECT * FROM assistant_tokens")) + str(api.home._db.all("SELECT * FROM api_keys"))
    assert access not in kept
    assert refresh not in kept


def test_a_pair_is_followed_by_the_next_and_a_copy_ends_both(
    api: Served, browser: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, first = connected(api, browser)

    def refresh(given: str) -> httpx.Response:
        return token(api, grant_type="refresh_token", client_id=client, refresh_token=given)

    second = refresh(first["refresh_token"]).json()
    assert (opens(api, first["access_token"]), opens(api, second["access_token"])) == (401, 200)
    assert refresh(first["refresh_token"]).status_code == 400  # A second try of its own ends nothing yet.
    assert opens(api, second["access_token"]) == 200
    monkeypatch.setattr("flowloom.assistants.AGAIN_SECONDS", -1.0)
    assert refresh(first["refresh_token"]).status_code == 400
    assert opens(api, second["access_token"]) == 401
    assert refresh(second["refresh_token"]).status_code == 400


def test_a_code_is_good_once_and_a_copy_ends_what_it_became(api: Served, browser: httpx.Client) -> None:
    client = registered(api)["client_id"]
    code = press(browser, allow_address(api, client))["code"]
    found = token(api, client_id=client, code=code).json()
    assert opens(api, found["access_token"]) == 200
    assert token(api, client_id=client, code=code).json()["error"] == "invalid_grant"
    assert opens(api, found["access_token"]) == 401


@pytest.mark.parametrize(
    "fields",
    [
        {"code_verifier": "w" * 64},
        {"code": "guessed"},
        {"redirect_uri": "http://127.0.0.1:3939/elsewhere"},
        {"grant_type": "client_credentials"},
        {"grant_type": "refresh_token", "refresh_token": "fla_guessed"},
    ],
)
def test_a_wrong_exchange_gets_nothing(api: Served, browser: httpx.Client, fields: dict[str, str]) -> None:
    client = registered(api)["client_id"]
    code = press(browser, allow_address(api, client))["code"]
    assert token(api, **{"client_id": client, "code": code, **fields}).status_code == 400
    other = registered(api)["client_id"]
    assert token(api, client_id=other, code=code).status_code == 400
    assert token(api, client_id="x", code=code).status_code == 401


def test_old_codes_and_tokens_open_nothing(
    api: Served, browser: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = registered(api)["client_id"]
    code = press(browser, allow_address(api, client))["code"]
    with monkeypatch.context() as patch:
        patch.setattr(api.home.assistants, "_clock", lambda: time.time() + 61)
        assert token(api, client_id=client, code=code).status_code == 400
    _, found = connected(api, browser)
    monkeypatch.setattr(api.home.api_keys, "_clock", lambda: time.time() + 3_601)
    assert opens(api, found["access_token"]) == 401


def test_a_program_hands_back_what_it_has(api: Served, browser: httpx.Client) -> None:
    client, found = connected(api, browser)
    other, _ = connected(api, browser)

    def revoke(by: str) -> int:
        data = {"client_id": by, "token": found["refresh_token"]}
        return program().post(f"{api.root}/oauth/assistants/revoke", data=data).status_code

    assert (revoke(other), opens(api, found["access_token"])) == (200, 200)
    assert (revoke(client), opens(api, found["access_token"])) == (200, 401)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"client_id": "x"}, "doesn’t know the program"),
        ({"redirect_uri": "https://evil.example/"}, "doesn’t know the program"),
        ({"redirect_uri": "http://127.0.0.1:3939/other"}, "doesn’t know the program"),
        ({"resource": "-"}, "which GPT"),
        ({"resource": "https://evil.example/mcp/trips"}, "which GPT"),
        ({"resource": "{root}/mcp/"}, "which GPT"),
        ({"resource": "{root}/mcp/nowhere"}, "no GPT at this address"),
        ({"code_challenge": "-"}, "can’t answer"),
        ({"code_challenge": "short"}, "can’t answer"),
        ({"code_challenge_method": "plain"}, "can’t answer"),
        ({"response_type": "token"}, "can’t answer"),
        ({"state": "x" * 3_000}, "can’t answer"),
    ],
)
def test_who_asks_wrongly_is_led_nowhere(
    api: Served, browser: httpx.Client, change: dict[str, str], code: str
) -> None:
    filled = {name: value.replace("{root}", api.root) for name, value in change.items()}
    address = allow_address(api, registered(api)["client_id"], **filled)
    for answer in (browser.get(address), browser.post(address, data={"answer": "yes"})):
        assert answer.status_code == 400
        assert code in answer.text
        assert "refresh" not in answer.text


def test_only_the_owner_is_asked_and_only_a_yes_lets_in(api: Served, browser: httpx.Client) -> None:
    address = allow_address(api, registered(api)["client_id"])
    assert program().get(api.root + address).status_code == 403
    assert (
        program().post(api.root + address, data={"answer": "yes"}, headers={"origin": api.root}).status_code == 403
    )
    headers = {"origin": "https://evil.example"}
    assert browser.post(address, data={"answer": "yes"}, headers=headers).status_code == 403
    told = press(browser, address, "no")
    assert told == {"error": "access_denied", "state": "s", "iss": api.root}


@pytest.mark.parametrize("language", ["en", "zh", "fr"])
def test_the_page_says_who_asks_for_what(api: Served, browser: httpx.Client, language: str) -> None:
    client = registered(api, client_name="<b>Scribe\u202e</b>")["client_id"]
    shown = browser.get(allow_address(api, client), headers={"accept-language": language})
    assert "&lt;b&gt;Scribe&lt;/b&gt;" in shown.text
    assert "Trips" in shown.text
    assert "form-action 'self'" in shown.headers["content-security-policy"]
    assert {"en": "Connect", "zh": "连接", "fr": "Connecter"}[language] in shown.text


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("https://claude.ai/api/mcp/auth_callback", True),
        ("http://localhost:6274/oauth/callback", True),
        ("http://[::1]:1/", True),
        ("cursor://anysphere.cursor-retrieval/oauth/callback", True),
        ("http://claude.ai/back", False),
        ("http://localhost.evil.example/", False),
        ("http://127.0.0.1@evil.example/", False),
        ("https://user@claude.ai/", False),
        ("https://claude.ai/#x", False),
        ("javascript://x/%0aalert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("x:y", False),
    ],
)
def test_a_program_may_be_led_back_to_these(api: Served, address: str, fits: bool) -> None:
    body = {"client_name": "x", "redirect_uris": [address]}
    answer = program().post(f"{api.root}/oauth/assistants/register", json=body)
    assert (answer.status_code == 201) == fits, answer.text


def test_a_program_of_this_computer_may_come_by_another_port(api: Served, browser: httpx.Client) -> None:
    address = allow_address(api, registered(api)["client_id"], redirect_uri="http://127.0.0.1:4000/back")
    assert "code" in press(browser, address)


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"{}", b'{"redirect_uris": []}', b"x" * 30_000])
def test_nonsense_is_refused(api: Served, body: bytes) -> None:
    for name in ("register", "token", "revoke"):
        answer = program().post(f"{api.root}/oauth/assistants/{name}", content=body)
        assert answer.status_code in (400, 401, 413), answer.text
        assert "error" in answer.json()


def test_a_flood_of_programs_is_held_up_and_those_without_use_go(
    api: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flowloom.store.assistants.MOST_UNUSED", 5)
    statuses = [
        program().post(f"{api.root}/oauth/assistants/register", json={"redirect_uris": [BACK]}) for _ in range(40)
    ]
    assert statuses[-1].status_code == 429
    unused = "SELECT count(*) FROM assistants WHERE id NOT IN (SELECT client FROM assistant_tokens)"
    assert api.home._db.one(unused)[0] <= 6
