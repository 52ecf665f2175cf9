"""Signing in by the accounts of an organisation: OpenID Connect, the code flow with PKCE.

The operator names one provider by environment variables. What its server says is bounded in size and time, and an
identity is taken only from a token that it signed for us, for this sign-in.
"""

import json
import os
import time
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from flowloom.errors import FlowloomError

ISSUER, CLIENT, SECRET = "FLOWLOOM_OIDC_ISSUER", "FLOWLOOM_OIDC_CLIENT", "FLOWLOOM_OIDC_SECRET"
NAME, JOINS_AS = "FLOWLOOM_OIDC_NAME", "FLOWLOOM_OIDC_JOIN"
GROUPS, SCOPES = "FLOWLOOM_OIDC_GROUPS", "FLOWLOOM_OIDC_SCOPES"
USUAL_SCOPES = "openid email profile"
MOST_GROUPS, LONGEST_GROUP = 100, 60
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""Those with a key of the provider’s own; never one whose key we know too, and never none."""
KNOWN_FOR = 3_600.0
"""Seconds for which it is remembered where a provider answers, and with which keys it signs."""
SECONDS, MOST_BYTES = 10.0, 1_000_000
LOOPBACK = ("localhost", "127.0.0.1")


class OpenIdError(FlowloomError):
    """The provider did not say who somebody is."""

    code = "people.openid"


class Provider(NamedTuple):
    """Where people have their accounts; `joins_as` is the role of whoever is new, empty where nobody may be.

    `groups` is the claim that names the groups of somebody, empty where admins choose them here.
    """

    issuer: str
    client: str
    secret: str
    name: str
    joins_as: str = ""
    groups: str = ""
    scopes: str = USUAL_SCOPES


class Identity(NamedTuple):
    """Who somebody is there. `email` is empty where the provider has not verified it.

    `groups` are those it says they are in; None where it is not asked.
    """

    subject: str
    email: str
    name: str
    groups: tuple[str, ...] | None = None


def provider_of_environment() -> Provider | None:
    """The provider the operator named. Raises OpenIdError where its address is none."""
    issuer, client = (os.environ.get(name, "").strip() for name in (ISSUER, CLIENT))
    if not (issuer and client):
        return None
    _require_safe(issuer)
    joins_as = os.environ.get(JOINS_AS, "").strip().lower()
    if joins_as not in ("", "member", "builder"):
        raise OpenIdError("{variable} has to be member or builder.", "Or leave it out.", variable=JOINS_AS)
    name = os.environ.get(NAME, "").strip()[:60] or (urlsplit(issuer).hostname or "")
    secret, groups = os.environ.get(SECRET, ""), os.environ.get(GROUPS, "").strip()
    scopes = os.environ.get(SCOPES, "").strip() or USUAL_SCOPES
    return Provider(issuer, client, secret, name, joins_as, groups, scopes)


def _require_safe(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise OpenIdError(
            "The address of the sign-in service has to begin with https://.",
            "Check the settings of Flowloom’s server.",
        )


class OpenId:
    """One provider. Safe to use from several threads."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._known: tuple[float, dict[str, Any], dict[str, Any]] | None = None

    def address(self, redirect: str, state: str, nonce: str, verifier: str) -> str:
        """Where the browser goes to sign in. Raises OpenIdError."""
        from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]

        found, _ = self._described()
        asked = {
            "response_type": "code",
            "scope": self.provider.scopes,
            "client_id": self.provider.client,
            "redirect_uri": redirect,
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        address = _text(found, "authorization_endpoint")
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    def identity(self, code: str, redirect: str, nonce: str, verifier: str) -> Identity:
        """Who came back with this code. Raises OpenIdError."""
        found, _ = self._described()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "client_id": self.provider.client,
            "code_verifier": verifier,
        }
        if self.provider.secret:
            form["client_secret"] = self.provider.secret
        said = _ask(_text(found, "token_endpoint"), form)
        return self._read(_text(said, "id_token"), nonce)

    def _read(self, token: str, nonce: str) -> Identity:
        claims = self._claims(token, nonce)
        email = claims.get("email") if claims.get("email_verified") is True else ""
        name = claims.get("name") or claims.get("preferred_username") or ""
        subject = f"{self.provider.issuer} {claims['sub']}"
        groups = groups_in(claims, self.provider.groups) if self.provider.groups else None
        return Identity(subject[:500], str(email or "")[:100], str(name)[:200], groups)

    def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        _, keys = self._described()
        wanted = jwt.JWTClaimsRegistry(
            leeway=60,
            iss={"essential": True, "value": self.provider.issuer},
            aud={"essential": True, "value": self.provider.client},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
            exp={"essential": True},
        )
        try:
            read = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]
            wanted.validate(read.claims)
        except (JoseError, ValueError, TypeError, KeyError):
            self._known = None  # It may sign with new keys.
            raise _not_told() from None
        audience = read.claims["aud"]
        if isinstance(audience, list) and len(audience) > 1 and read.claims.get("azp") != self.provider.client:
            raise _not_told()
        return dict(read.claims)

    def _described(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Where the provider answers, and its keys."""
        known = self._known
        if known and time.monotonic() - known[0] < KNOWN_FOR:
            return known[1], known[2]
        issuer = self.provider.issuer
        found = _ask(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            raise _not_told()
        keys = _ask(_text(found, "jwks_uri"))
        self._known = (time.monotonic(), found, keys)
        return found, keys


def groups_in(claims: dict[str, Any], path: str) -> tuple[str, ...]:
    """The groups that a claim names, such as `groups` or `realm_access.roles`; none where it is no list of them."""
    said: Any = claims.get(path)
    if said is None:
        said = claims
        for part in path.split("."):
            said = said.get(part) if isinstance(said, dict) else None
    named = [said] if isinstance(said, str) else said if isinstance(said, list) else []
    plain = ("".join(filter(str.isprintable, each)).strip() for each in named if isinstance(each, str))
    return tuple(dict.fromkeys(each[:LONGEST_GROUP] for each in plain if each))[:MOST_GROUPS]


def _text(found: dict[str, Any], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not value:
        raise _not_told()
    return value


def _ask(address: str, form: dict[str, str] | None = None) -> dict[str, Any]:
    """The JSON object an address answers with."""
    import httpx

    _require_safe(address)
    try:
        with (
            httpx.Client(timeout=SECONDS, trust_env=False) as client,
            client.stream("POST" if form else "GET", address, data=form) as answer,
        ):
            raw = b""
            for piece in answer.iter_bytes():
                raw += piece
                if len(raw) > MOST_BYTES:
                    raise _not_told()
        found = json.loads(raw) if answer.status_code == 200 else None
    except (httpx.HTTPError, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _not_told()
    return found


def _not_told() -> OpenIdError:
    return OpenIdError(
        "The sign-in service didn’t confirm who you are.",
        "Try again. If it happens again, tell an admin.",
    )
