"""A key goes to the one server it is for; a sign-in comes back once; a token is renewed once for all who wait."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import ValidationError

from flowloom.errors import FlowloomError, HttpError
from flowloom.kinds.http import HttpReply, HttpRequest
from flowloom.services.connections import signing as module
from flowloom.services.connections.settings import Connection
from flowloom.services.connections.shared_work import Once
from flowloom.services.connections.signing import ConnectionKeeper
from flowloom.services.secrets import SecretStore
from tests.oauth_server import APP, PASSWORD, OAuthServer

KEY = "k3y of+mine/" + "x7Q" * 6
BACK = "http://localhost:8501/oauth/callback"


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", "open sesame, my keys")


@pytest.fixture
def server() -> Iterator[OAuthServer]:
    with OAuthServer() as found:
        yield found


@pytest.fixture
def keeper(tmp_path: Path) -> ConnectionKeeper:
    return ConnectionKeeper(tmp_path, SecretStore(tmp_path))


def connect(keeper: ConnectionKeeper, server: OAuthServer, kind: str = "bearer", **more: Any) -> Connection:
    given = {"server": server.url, "private": True, "kind": kind, **more}
    return keeper.keep(Connection.model_validate(given), KEY)


def oauth(keeper: ConnectionKeeper, server: OAuthServer, kind: str = "code") -> Connection:
    given = Connection.model_validate(
        {
            "server": server.url,
            "private": True,
            "kind": kind,
            "user": APP,
            "authorize_url": f"{server.url}/authorize",
            "token_url": f"{server.url}/token",
            "scope": "read write",
        }
    )
    return keeper.keep(given, PASSWORD)


def browse(address: str) -> dict[str, str]:
    """What the browser brings back from the sign-in page."""
    arrived = httpx.get(address, trust_env=False).headers["location"]
    return {name: values[0] for name, values in parse_qs(urlsplit(arrived).query).items()}


def sign_in(keeper: ConnectionKeeper, connection: Connection) -> None:
    back = browse(keeper.begin_sign_in(connection, BACK))
    asyncio.run(keeper.finish_sign_in(back["state"], back["code"]))


def ask(keeper: ConnectionKeeper, connection: Connection, path: str = "/echo") -> HttpReply:
    return asyncio.run(keeper.request(connection.id, HttpRequest(url=f"{connection.server}{path}")))


WAYS = {
    "bearer": ({}, "authorization", f"Bearer {KEY}"),
    "header": ({"field": "X-Weather-Key"}, "x-weather-key", KEY),
    "basic": ({"user": "ada"}, "authorization", "Basic YWRhOmszeSBvZittaW5lL3g3UXg3UXg3UXg3UXg3UXg3UQ=="),
}


@pytest.mark.parametrize("kind", WAYS)
def test_the_key_is_where_the_server_looks_for_it(keeper: ConnectionKeeper, server: OAuthServer, kind: str) -> None:
    more, header, value = WAYS[kind]
    reply = ask(keeper, connect(keeper, server, kind, **more))
    assert reply.status == 200
    assert server.asked[0].headers[header] == value
    assert KEY not in reply.text
    assert value.split()[-1] not in reply.text


def test_a_key_in_the_address(keeper: ConnectionKeeper, server: OAuthServer) -> None:
    reply = ask(keeper, connect(keeper, server, "query", field="api_key"), "/echo?city=Rome")
    assert server.asked[0].query == {"city": "Rome", "api_key": KEY}
    assert KEY not in reply.text
    assert "k3y%20of" not in reply.text


@pytest.mark.parametrize("kind", ["bearer", "header", "query", "basic"])
def test_no_key_goes_on_to_another_server(keeper: ConnectionKeeper, server: OAuthServer, kind: str) -> None:
    with OAuthServer() as other:
        server.redirect = f"{other.url}/echo"
        connection = connect(keeper, server, kind, field="k")
        with suppress(HttpError):
            asyncio.run(keeper.request(connection.id, HttpRequest(url=f"{server.url}/redirect?a=1")))
        assert all(KEY not in repr(asked) and "k3y" not in repr(asked) for asked in other.asked)


@pytest.mark.parametrize(
    "url",
    ["http://localhost:{port}/x", "https://127.0.0.1:{port}/x", "http://127.0.0.1/x", "http://evil.test/", "x"],
)
def test_a_connection_is_for_one_server(keeper: ConnectionKeeper, server: OAuthServer, url: str) -> None:
    connection = connect(keeper, server)
    elsewhere = url.format(port=server.host.rpartition(":")[2])
    with pytest.raises(HttpError, match="is only for"):
        asyncio.run(keeper.request(connection.id, HttpRequest(url=elsewhere)))
    assert server.asked == []


def test_a_server_at_home_wants_a_word_from_the_person(keeper: ConnectionKeeper, server: OAuthServer) -> None:
    with pytest.raises(HttpError, match="is on this computer or your local network, which flows may not access"):
        ask(keeper, connect(keeper, server, private=False))
    assert server.asked == []


def test_unknown_keyless_and_deleted_connections_say_so(keeper: ConnectionKeeper, server: OAuthServer) -> None:
    connection = keeper.keep(Connection(server=server.url, kind="bearer", private=True))
    with pytest.raises(FlowloomError, match="has no key yet"):
        ask(keeper, connection)
    keeper.keep(connection, KEY)
    keeper.delete(connection.id)
    with pytest.raises(FlowloomError, match="isn’t set up here"):
        ask(keeper, connection)
    assert not keeper.has_secret(connection)


def test_a_key_does_not_move_house(keeper: ConnectionKeeper, server: OAuthServer) -> None:
    connection = connect(keeper, server)
    keeper.keep(connection.model_copy(update={"name": "Renamed"}))
    assert keeper.has_secret(connection)
    keeper.keep(connection.model_copy(update={"server": "https://evil.test"}))
    assert not keeper.has_secret(connection)


@pytest.mark.parametrize(
    "server", ["", "ftp://a.example", "https://u:p@a.example", "file:///etc/passwd", "http://"]
)
def test_what_is_no_server_is_no_connection(server: str) -> None:
    with pytest.raises(ValidationError):
        Connection(server=server)


def test_nothing_on_disk_holds_a_key(keeper: ConnectionKeeper, server: OAuthServer, tmp_path: Path) -> None:
    connect(keeper, server)
    sign_in(keeper, oauth(keeper, server))
    kept = "".join(path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file())
    assert all(each not in kept for each in (KEY, PASSWORD, "access-", "refresh-"))


# -- OAuth 2


@pytest.mark.parametrize("only_post", [False, True])
def test_signing_in_and_asking(keeper: ConnectionKeeper, server: OAuthServer, only_post: bool) -> None:
    server.only_post = only_post
    connection = oauth(keeper, server)
    assert not keeper.is_ready(connection)
    sign_in(keeper, connection)
    assert keeper.is_ready(connection)
    assert ask(keeper, connection, "/private").status == 200
    assert server.asked_for("/authorize")[0].query["scope"] == "read write"
    assert PASSWORD not in json.dumps(server.asked_for("/authorize")[0].query)


def test_the_app_itself_signs_in(keeper: ConnectionKeeper, server: OAuthServer) -> None:
    connection = oauth(keeper, server, "client")
    assert ask(keeper, connection, "/private").status == 200
    server.access.clear()
    assert ask(keeper, connection, "/private").status == 200
    assert len(server.asked_for("/token")) == 2


def test_a_sign_in_comes_back_once(keeper: ConnectionKeeper, server: OAuthServer) -> None:
    back = browse(keeper.begin_sign_in(oauth(keeper, server), BACK))
    asyncio.run(keeper.finish_sign_in(back["state"], back["code"]))
    with pytest.raises(HttpError, match="sign-in is unknown"):
        asyncio.run(keeper.finish_sign_in(back["state"], back["code"]))


@pytest.mark.parametrize("state", ["", "x", "é", "a" * 5000])
def test_a_state_of_somebody_else(keeper: ConnectionKeeper, server: OAuthServer, state: str) -> None:
    browse(keeper.begin_sign_in(oauth(keeper, server), BACK))
    with pytest.raises(HttpError, match="sign-in is unknown"):
        asyncio.run(keeper.finish_sign_in(state, "code"))
    assert server.asked_for("/token") == []


def test_a_sign_in_does_not_wait_for_ever(
    keeper: ConnectionKeeper, server: OAuthServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SIGN_IN_SECONDS", 0.0)
    back = browse(keeper.begin_sign_in(oauth(keeper, server), BACK))
    with pytest.raises(HttpError, match="took too long"):
        asyncio.run(keeper.finish_sign_in(back["state"], back["code"]))


def test_a_stolen_code_is_of_no_use_without_the_verifier(keeper: ConnectionKeeper, server: OAuthServer) -> None:
    connection = oauth(keeper, server)
    stolen = browse(keeper.begin_sign_in(connection, BACK))
    mine = browse(keeper.begin_sign_in(connection, BACK))
    with pytest.raises(HttpError, match="invalid_grant"):
        asyncio.run(keeper.finish_sign_in(mine["state"], stolen["code"]))


def test_who_says_no_is_told_so(keeper: ConnectionKeeper, server: OAuthServer) -> None:
    back = browse(keeper.begin_sign_in(oauth(keeper, server), BACK))
    with pytest.raises(HttpError, match="wasn’t completed"):
        asyncio.run(keeper.finish_sign_in(back["state"], "", "access_denied"))


@pytest.mark.parametrize("end", ["expired", "revoked"])
def test_eight_runs_renew_a_token_once(keeper: ConnectionKeeper, server: OAuthServer, end: str) -> None:
    server.expires_in = 1 if end == "expired" else 3600
    connection = oauth(keeper, server)
    sign_in(keeper, connection)
    server.expires_in, server.delay = 3600, 0.2
    server.access.clear()

    async def eight() -> list[int]:
        request = HttpRequest(url=f"{server.url}/private")
        replies = await asyncio.gather(*(keeper.request(connection.id, request) for _ in range(8)))
        return [reply.status for reply in replies]

    assert asyncio.run(eight()) == [200] * 8
    assert len(server.asked_for("/token")) == 2  # the sign-in itself, and one renewal


def test_one_who_is_stopped_leaves_the_renewal_to_the_others() -> None:
    begun: list[int] = []

    async def work() -> int:
        begun.append(len(begun))
        if len(begun) == 1:
            await asyncio.Event().wait()
        await asyncio.sleep(0.05)
        return 7

    async def three() -> list[int]:
        once: Once[int] = Once()
        first, *others = [asyncio.create_task(once.do("a", work)) for _ in range(3)]
        while not begun:
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        first.cancel()
        return list(await asyncio.gather(*others))

    assert asyncio.run(three()) == [7, 7]
    assert len(begun) == 2


def test_a_failure_reaches_all_who_wait() -> None:
    async def fail() -> int:
        await asyncio.sleep(0)
        raise HttpError("No.")

    async def three() -> list[Any]:
        once: Once[int] = Once()
        return list(await asyncio.gather(*(once.do("a", fail) for _ in range(3)), return_exceptions=True))

    assert [str(each) for each in asyncio.run(three())] == ["No."] * 3


def test_a_sign_in_that_ended_asks_for_another(keeper: ConnectionKeeper, server: OAuthServer) -> None:
    server.expires_in = 1
    connection = oauth(keeper, server)
    sign_in(keeper, connection)
    server.refresh.clear()
    with pytest.raises(HttpError, match="has expired"):
        ask(keeper, connection, "/private")
    assert not keeper.is_ready(connection)
    sign_in(keeper, connection)
    assert keeper.is_ready(connection)


LIES = {
    "repeats what it was sent": (400, json.dumps({"error": PASSWORD, "error_description": PASSWORD})),
    "an error that is no word": (400, '{"error": {"a": 1}}'),
    "a page": (200, "<html>Sign in</html>"),
    "a list": (200, "[1]"),
    "no token": (200, '{"token_type": "bearer"}'),
    "a token of another kind": (200, '{"access_token": "a", "token_type": "mac"}'),
    "a token that breaks lines": (200, '{"access_token": "a\\r\\nX-Evil: 1", "token_type": "bearer"}'),
    "an endless token": (200, json.dumps({"access_token": "a" * 50_000})),
    "an endless nest": (200, "[" * 100_000),
    "trouble": (503, ""),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_server_of_tokens_that_lies(keeper: ConnectionKeeper, server: OAuthServer, lie: str) -> None:
    server.lie = LIES[lie]
    with pytest.raises(HttpError) as error:
        ask(keeper, oauth(keeper, server, "client"), "/private")
    assert PASSWORD not in str(error.value)
    assert error.value.problem.describe("zh").message != error.value.problem.message
    assert server.asked_for("/private") == []


@pytest.mark.parametrize("says", [-5, "soon", None, 1e30, "60", True])
def test_when_a_token_ends_is_not_believed_blindly(
    keeper: ConnectionKeeper, server: OAuthServer, says: Any
) -> None:
    server.expires_in = says
    assert ask(keeper, oauth(keeper, server, "client"), "/private").status == 200


def test_a_slow_server_of_tokens(
    keeper: ConnectionKeeper, server: OAuthServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flowloom.services.connections.oauth.SECONDS", 0.1)
    server.delay = 0.5
    with pytest.raises(HttpError, match="didn’t answer"):
        ask(keeper, oauth(keeper, server, "client"), "/private")


def test_a_test_tells_the_status(keeper: ConnectionKeeper, server: OAuthServer) -> None:
    connection = connect(keeper, server)
    assert asyncio.run(keeper.test(connection.id, "/private")) == 401
    server.access.add(KEY)
    assert asyncio.run(keeper.test(connection.id, "/private")) == 200
