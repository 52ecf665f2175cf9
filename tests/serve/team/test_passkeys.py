"""Passkeys: added, signed in with, removed; what is forged, copied or late opens nothing."""

import hashlib
import json
import struct
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import cbor2
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from starlette.testclient import TestClient

from flowloom.people import passkeys
from flowloom.services.passkeys import Site, site_of
from tests.serve.team.conftest import COOKIE, HERE, OUR_PAGE, PASSWORD, School

PRESENT, VERIFIED, WITH_KEY = 1, 4, 64


@pytest.fixture(autouse=True)
def _no_attempts(school: School) -> None:
    school.home._db.do("DELETE FROM attempts")


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


class Device:
    """Keeps one passkey, as a phone does."""

    def __init__(self, host: str = "localhost", origin: str = HERE, flags: int = PRESENT | VERIFIED) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.id, self.host, self.origin, self.flags, self.counter = (
            hashlib.sha256().digest(),
            host,
            origin,
            flags,
            0,
        )
        self.id = hashlib.sha256(str(id(self)).encode() + struct.pack("d", time.time())).digest()

    def _facts(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _head(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", self.flags | flags, self.counter)

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        at = self._key.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: at.x.to_bytes(32, "big"), -3: at.y.to_bytes(32, "big")})
        data = self._head(WITH_KEY) + bytes(16) + struct.pack(">H", len(self.id)) + self.id + cose
        response = {
            "clientDataJSON": text(self._facts("webauthn.create", options["challenge"])),
            "attestationObject": text(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
        }
        return self._answer(response)

    def sign(self, options: dict[str, Any]) -> dict[str, Any]:
        self.counter += 1
        facts, data = self._facts("webauthn.get", options["challenge"]), self._head(0)
        signature = self._key.sign(data + hashlib.sha256(facts).digest(), ec.ECDSA(SHA256()))
        response = {"clientDataJSON": text(facts), "authenticatorData": text(data), "signature": text(signature)}
        return self._answer(response)

    def _answer(self, response: dict[str, str]) -> dict[str, Any]:
        return {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response}


def post(browser: TestClient, path: str, body: Any = None) -> httpx.Response:
    return browser.post(path, json=body or {}, headers=OUR_PAGE)


def added(school: School, who: str, device: Device) -> httpx.Response:
    browser = school.browser(who)
    asked = post(browser, "/account/passkeys")
    assert asked.status_code == 200, asked.text
    return post(browser, "/account/passkeys/made", {"answer": device.make(asked.json())})


def signed_in(school: School, device: Device, **more: Any) -> httpx.Response:
    browser = school.browser()
    asked = post(browser, "/sign-in/passkey").json()
    return post(browser, "/sign-in/passkey/done", {"answer": device.sign(asked), **more})


def test_one_is_added_signed_in_with_and_removed(school: School) -> None:
    device = Device()
    assert added(school, "ben", device).json() == {"onward": "/account"}
    came = signed_in(school, device, next="/build?gpt=a")
    assert came.json() == {"onward": "/build?gpt=a"}
    assert {"HttpOnly", "SameSite=Strict"} <= {*came.headers["set-cookie"].split("; ")}
    token = came.headers["set-cookie"].partition(";")[0].partition("=")[2]
    present = school.home.team.sessions.who(token)
    assert present
    assert present.account.name == "ben"
    assert signed_in(school, device, next="//evil.example/").json() == {"onward": "/"}
    path = f"/account/passkeys/{text(device.id)}/remove"
    post(school.browser("other"), path)
    assert signed_in(school, device).status_code == 200
    assert post(school.browser("ben"), path).headers["location"] == "/account"
    assert signed_in(school, device).status_code == 400
    done = {deed.what for deed in school.home.team.deeds.all(20)}
    assert {"passkey_added", "passkey_removed", "sign_in"} <= done


@pytest.mark.parametrize(
    ("host", "origin", "flags"),
    [
        ("localhost", "http://localhost:9999", PRESENT | VERIFIED),
        ("localhost", "https://evil.example", PRESENT | VERIFIED),
        ("evil.example", HERE, PRESENT | VERIFIED),
        ("localhost", HERE, PRESENT),
        ("localhost", HERE, 0),
    ],
)
def test_what_was_made_or_signed_elsewhere_is_refused(school: School, host: str, origin: str, flags: int) -> None:
    """Another page, another name, or nobody who showed who they are."""
    assert added(school, "member", Device(host, origin, flags)).status_code == 400
    device = Device()
    added(school, "member", device)
    device.host, device.origin, device.flags = host, origin, flags
    assert signed_in(school, device).status_code == 400


def test_a_question_is_answered_once_soon_and_by_whom_it_was_put(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    device, browser = Device(), school.browser("ben")
    asked = post(browser, "/account/passkeys").json()
    answer = {"answer": device.make(asked)}
    assert post(school.browser("other"), "/account/passkeys/made", answer).status_code == 400
    assert post(browser, "/account/passkeys/made", answer).status_code == 400  # It is used up.
    added(school, "ben", device)
    stranger = school.browser()
    asked = post(stranger, "/sign-in/passkey").json()
    signed = {"answer": device.sign(asked)}
    assert post(stranger, "/sign-in/passkey/done", signed).status_code == 200
    assert post(stranger, "/sign-in/passkey/done", signed).status_code == 400
    for_another = {"answer": device.sign(post(browser, "/account/passkeys").json())}
    assert post(stranger, "/sign-in/passkey/done", for_another).status_code == 400
    late = {"answer": device.sign(post(stranger, "/sign-in/passkey").json())}
    monkeypatch.setattr("flowloom.store.invitations.time.time", lambda: time.monotonic() + 4e9)
    assert post(stranger, "/sign-in/passkey/done", late).status_code == 400


def test_another_key_and_a_copied_device_open_nothing(school: School) -> None:
    device, forged = Device(), Device()
    added(school, "ben", device)
    forged.id = device.id
    assert signed_in(school, forged).status_code == 400
    assert added(school, "other", forged).status_code == 400  # That one is kept already.
    assert [signed_in(school, device).status_code for _ in range(2)] == [200, 200]
    device.counter = 0  # A copy counts from where it was copied.
    assert signed_in(school, device).status_code == 400


def test_it_is_added_only_shortly_after_signing_in(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passkeys, "FRESH", -1.0)
    answer = post(school.browser("ben"), "/account/passkeys")
    assert (answer.status_code, answer.json()["problem"]["code"]) == (400, "people.fresh")


def test_who_is_closed_or_chose_a_new_password_by_a_link_does_not_come_in_by_it(school: School) -> None:
    team, admin, other = school.home.team, school.people["admin"], school.people["other"]
    device = Device()
    added(school, "other", device)
    team.close(admin, other)
    assert signed_in(school, device).status_code == 400
    team.open(admin, other)
    link = team.joining.reset_link(admin, other)
    school.browser().post(f"/invitation/{link}", data={"password": PASSWORD}, headers=OUR_PAGE)
    assert signed_in(school, device).status_code == 400
    token = school.browser().post("/sign-in", data={"name": "other", "password": PASSWORD}, headers=OUR_PAGE)
    school.tokens["other"] = token.cookies[COOKIE]


@pytest.mark.parametrize(
    "answer",
    [None, [], {}, {"id": 1}, {"response": {}}, *({"response": {"clientDataJSON": each}} for each in ("!", "W10"))],
)
@pytest.mark.parametrize("path", ["/sign-in/passkey/done", "/account/passkeys/made"])
def test_nonsense_is_refused(school: School, path: str, answer: Any) -> None:
    browser = school.browser("ben")
    assert post(browser, path, {"answer": answer}).status_code == 400
    assert browser.post(path, content=b"[" * 100_000, headers=OUR_PAGE).status_code == 400


@pytest.mark.parametrize("part", ["attestationObject", "clientDataJSON"])
@pytest.mark.parametrize("raw", [b"", b"\xa1", b"\xbf", b"\x9f" * 200, b"{}", bytes(40), b"\x1b" + b"\xff" * 8])
def test_a_broken_answer_to_a_real_question_is_refused(school: School, part: str, raw: bytes) -> None:
    browser, device = school.browser("ben"), Device()
    answer = device.make(post(browser, "/account/passkeys").json())
    if part == "clientDataJSON":
        said = json.loads(urlsafe_b64decode(answer["response"][part] + "=="))
        raw = json.dumps(said | {"origin": raw.decode("latin-1"), "type": 3}).encode()
    answer["response"][part] = text(raw)
    told = post(browser, "/account/passkeys/made", {"answer": answer})
    assert (told.status_code, told.json()["problem"]["code"]) == (400, "people.passkey")


def test_a_flood_of_questions_is_held_up(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passkeys, "BY_ONE", 3)
    browser = school.browser()
    assert [post(browser, "/sign-in/passkey").status_code for _ in range(4)] == [200, 200, 200, 400]


@pytest.mark.parametrize(
    ("scheme", "host", "port", "site"),
    [
        ("http", "localhost", "8501", Site("localhost", "http://localhost:8501")),
        ("https", "gpts.example.org", "", Site("gpts.example.org", "https://gpts.example.org")),
        ("http", "gpts.example.org", "", None),
        ("http", "127.0.0.1", "8501", None),
        ("https", "127.0.0.1", "8501", None),
        ("https", "[::1]", "8501", None),
        ("https", "", "", None),
    ],
)
def test_browsers_have_them_for_names_alone(scheme: str, host: str, port: str, site: Site | None) -> None:
    assert site_of(scheme, host, port) == site


def test_the_pages_offer_them_where_there_are_any(school: School) -> None:
    by_name, by_number = school.browser(), TestClient(school.app, base_url="http://127.0.0.1:8501")
    for browser, offered in [(by_name, True), (by_number, False)]:
        page = browser.get("/sign-in")
        assert ("data-passkey" in page.text) is offered
        assert ("script-src 'self'" in page.headers["content-security-policy"]) is offered
    assert by_number.post("/sign-in/passkey", headers={"origin": "http://127.0.0.1:8501"}).status_code == 400
    assert 'data-passkey="add"' in school.browser("ben").get("/account").text
    assert by_name.get("/sign-in/passkey.js").headers["content-type"].startswith("text/javascript")
