"""Who of a team may call which route: what is in no row is refused, and a test fails for a route without one."""

import re
from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import NamedTuple

from starlette.routing import compile_path


class Needs(Enum):
    """What somebody has to be to call a route."""

    NOTHING = "nothing"
    """Also somebody who is not signed in."""
    OWN = "a rule of its own"
    """Behind a door: who may is said by the terms of what is published, or by a key of a program."""
    PERSON = "an account"
    BUILDER = "builds"
    OWNER = "builds, and the GPT in the path is theirs"
    ADMIN = "looks after the team"
    NOBODY = "nobody"
    """A part of the framework that is not used here."""


class Rule(NamedTuple):
    """`methods` are those of a row, `WS` for a websocket; HEAD is as GET."""

    methods: str
    path: str
    needs: Needs


RULES = (
    # How people come in and go.
    Rule("GET POST", "/sign-in", Needs.NOTHING),
    Rule("GET", "/sign-in/passkey.js", Needs.NOTHING),
    Rule("POST", "/sign-in/passkey", Needs.NOTHING),
    Rule("POST", "/sign-in/passkey/done", Needs.NOTHING),
    Rule("GET", "/sign-in/elsewhere", Needs.NOTHING),
    Rule("GET", "/sign-in/back", Needs.NOTHING),
    Rule("GET POST", "/set-up", Needs.NOTHING),
    Rule("GET POST", "/invitation/{token}", Needs.NOTHING),
    Rule("POST", "/sign-out", Needs.PERSON),
    Rule("POST", "/sign-out/everywhere", Needs.PERSON),
    Rule("POST", "/sign-out/{id}", Needs.PERSON),
    Rule("GET", "/account", Needs.PERSON),
    Rule("POST", "/account/password", Needs.PERSON),
    Rule("POST", "/account/assistants/{id}", Needs.PERSON),
    Rule("POST", "/account/passkeys", Needs.PERSON),
    Rule("POST", "/account/passkeys/made", Needs.PERSON),
    Rule("POST", "/account/passkeys/{id}/remove", Needs.PERSON),
    Rule("GET", "/gpts", Needs.PERSON),
    Rule("GET", "/people/log/{form}", Needs.ADMIN),
    Rule("GET", "/your-chats", Needs.NOTHING),
    # A GPT as its builder has it.
    Rule("GET", "/flows/{flow}", Needs.OWNER),
    Rule("POST", "/flows/{flow}/ops", Needs.OWNER),
    Rule("GET", "/flows/{flow}/live", Needs.OWNER),
    Rule("GET", "/flows/{flow}/runs/{run}", Needs.OWNER),
    Rule("GET", "/flows/{flow}/runs/{run}/value", Needs.OWNER),
    Rule("GET", "/flows/{flow}/runs/{run}/export/json", Needs.OWNER),
    Rule("GET", "/flows/{flow}/export/{form}", Needs.OWNER),
    Rule("GET", "/flows/{flow}/conversations/{conversation}/{form}", Needs.OWNER),
    Rule("GET", "/flows/{flow}/files/{file}", Needs.OWNER),
    Rule("POST", "/flows/{flow}/documents/{node}", Needs.OWNER),
    Rule("POST", "/flows/{flow}/documents/{node}/read", Needs.OWNER),
    # All that is kept holds what is others’: in a team it leaves by the command line alone.
    Rule("GET", "/flows/{flow}/backup", Needs.NOBODY),
    # Here `flow` is a window, which has a token of its own.
    Rule("POST", "/flows/{flow}/uploads", Needs.BUILDER),
    Rule("DELETE", "/flows/{flow}/uploads/{id}", Needs.BUILDER),
    # What is published, and programs.
    Rule("GET", "/gpt/-/{asset}", Needs.OWN),
    Rule("GET", "/gpt/{slug}", Needs.OWN),
    Rule("GET", "/gpt/{slug}/icon", Needs.OWN),
    Rule("GET", "/gpt/{slug}/icon.png", Needs.OWN),
    Rule("GET", "/gpt/{slug}/manifest", Needs.OWN),
    Rule("GET", "/gpt/{slug}/copy", Needs.OWN),
    Rule("POST", "/gpt/{slug}/visitor", Needs.OWN),
    Rule("GET POST DELETE", "/gpt/{slug}/chats", Needs.OWN),
    Rule("GET", "/gpt/{slug}/mine/{form}", Needs.OWN),
    Rule("GET DELETE", "/gpt/{slug}/chats/{chat}", Needs.OWN),
    Rule("GET", "/gpt/{slug}/chats/{chat}/as/{form}", Needs.OWN),
    Rule("POST DELETE", "/gpt/{slug}/chats/{chat}/sharing", Needs.OWN),
    Rule("POST", "/gpt/{slug}/chats/{chat}/files", Needs.OWN),
    Rule("GET DELETE", "/gpt/{slug}/chats/{chat}/files/{file}", Needs.OWN),
    Rule("POST", "/gpt/{slug}/chats/{chat}/speech", Needs.OWN),
    Rule("POST", "/gpt/{slug}/chats/{chat}/messages", Needs.OWN),
    Rule("POST", "/gpt/{slug}/chats/{chat}/again", Needs.OWN),
    Rule("GET", "/gpt/{slug}/chats/{chat}/live", Needs.OWN),
    Rule("POST", "/gpt/{slug}/chats/{chat}/stop", Needs.OWN),
    Rule("POST", "/gpt/{slug}/chats/{chat}/answers/{question}", Needs.OWN),
    Rule("POST", "/gpt/{slug}/chats/{chat}/ratings/{run}", Needs.OWN),
    Rule("GET", "/store", Needs.OWN),
    Rule("GET", "/store/-/{asset}", Needs.OWN),
    Rule("GET", "/store/feed.json", Needs.OWN),
    Rule("GET", "/store/feed/{file}", Needs.OWN),
    Rule("GET", "/store/from/{feed}/{slug}", Needs.OWN),
    Rule("GET", "/store/gpt/{slug}", Needs.OWN),
    Rule("GET", "/store/gpt/{slug}/drawing", Needs.OWN),
    Rule("POST", "/store/gpt/{slug}/rating", Needs.OWN),
    Rule("POST", "/store/gpt/{slug}/duplicate", Needs.OWN),
    Rule("POST", "/store/gpt/{slug}/featured", Needs.OWN),
    Rule("POST", "/store/gpt/{slug}/report", Needs.OWN),
    Rule("GET", "/store/gpt/{slug}/buy", Needs.OWN),
    Rule("POST", "/store/gpt/{slug}/order", Needs.OWN),
    Rule("POST", "/store/gpt/{slug}/redeem", Needs.OWN),
    Rule("GET", "/store/orders/{order}", Needs.OWN),
    Rule("GET", "/store/builders/{slug}", Needs.OWN),
    Rule("POST", "/store/builders/{slug}/follow", Needs.OWN),
    Rule("GET", "/embed/loader.js", Needs.OWN),
    Rule("GET", "/embed/{slug}", Needs.OWN),
    Rule("GET", "/v1/openapi.json", Needs.OWN),
    Rule("GET", "/v1/models", Needs.OWN),
    Rule("GET", "/v1/models/{name}", Needs.OWN),
    Rule("POST", "/v1/chat/completions", Needs.OWN),
    Rule("POST", "/v1/responses", Needs.OWN),
    Rule("GET DELETE", "/v1/responses/{id}", Needs.OWN),
    Rule("POST", "/v1/responses/{id}/cancel", Needs.OWN),
    Rule("POST", "/v1/runs", Needs.OWN),
    Rule("GET", "/v1/runs/{id}", Needs.OWN),
    Rule("GET", "/v1/runs/{id}/events", Needs.OWN),
    Rule("POST", "/v1/runs/{id}/answer", Needs.OWN),
    Rule("POST", "/v1/runs/{id}/cancel", Needs.OWN),
    Rule("POST", "/v1/runs/{id}/resume", Needs.OWN),
    Rule("GET", "/v1/runs/{id}/files/{file}", Needs.OWN),
    Rule("GET POST DELETE", "/mcp", Needs.OWN),
    Rule("GET POST DELETE", "/mcp/", Needs.OWN),
    Rule("GET POST DELETE", "/mcp/{slug}", Needs.OWN),
    Rule("GET", "/.well-known/oauth-protected-resource/mcp/{slug}", Needs.OWN),
    Rule("GET", "/.well-known/oauth-authorization-server", Needs.OWN),
    Rule("POST", "/oauth/assistants/register", Needs.OWN),
    Rule("POST", "/oauth/assistants/token", Needs.OWN),
    Rule("POST", "/oauth/assistants/revoke", Needs.OWN),
    Rule("GET POST", "/oauth/assistants/allow", Needs.PERSON),
    Rule("GET", "/a2a/{slug}/.well-known/agent-card.json", Needs.OWN),
    Rule("POST", "/a2a/{slug}", Needs.OWN),
    Rule("POST", "/hooks/{hook}", Needs.OWN),
    Rule("POST", "/hooks/payments/{provider}", Needs.OWN),
    Rule("GET", "/metrics", Needs.OWN),
    # Of the app itself.
    Rule("GET", "/health", Needs.NOTHING),
    Rule("GET", "/ready", Needs.NOTHING),
    Rule("GET", "/oauth/callback", Needs.OWN),
    Rule("GET", "/away", Needs.PERSON),
    Rule("GET", "/canvas/{name}", Needs.BUILDER),
    # Streamlit's own: its pages are for those who build, and the websocket that drives them.
    Rule("WS", "/_stcore/stream", Needs.BUILDER),
    Rule("GET OPTIONS", "/_stcore/health", Needs.BUILDER),
    Rule("GET", "/_stcore/host-config", Needs.BUILDER),
    Rule("PUT DELETE OPTIONS", "/_stcore/upload_file/{session_id}/{file_id}", Needs.BUILDER),
    Rule("GET OPTIONS", "/_stcore/bidi-components/{path:path}", Needs.BUILDER),
    Rule("GET OPTIONS", "/component/{path:path}", Needs.BUILDER),
    Rule("GET OPTIONS", "/media/{file_id:path}", Needs.BUILDER),
    Rule("GET OPTIONS", "/_stcore/metrics", Needs.NOBODY),
    Rule("GET", "/auth/login", Needs.NOBODY),
    Rule("GET", "/auth/logout", Needs.NOBODY),
    Rule("GET", "/oauth2callback", Needs.NOBODY),
    Rule("GET POST PUT PATCH DELETE OPTIONS", "/_stcore/agent/interact", Needs.NOBODY),
    Rule("GET POST PUT PATCH DELETE OPTIONS", "/_stcore/agent/openapi.json", Needs.NOBODY),
    Rule("GET POST PUT PATCH DELETE OPTIONS", "/_stcore/agent/mcp", Needs.NOBODY),
    Rule("POST", "/", Needs.NOBODY),
    Rule("GET", "/{path:path}", Needs.BUILDER),
)
"""In order: the first that fits counts."""


class Found(NamedTuple):
    """What a call needs, and what its path names."""

    needs: Needs
    named: dict[str, str]


def rule_for(method: str, path: str) -> Found:
    """The row of a call; one that is in none needs what nobody is."""
    asked = "GET" if method == "HEAD" else method
    for methods, pattern, needs in _patterns():
        if asked in methods and (match := pattern.match(path)):
            return Found(needs, match.groupdict())
    return Found(Needs.NOBODY, {})


@cache
def _patterns() -> tuple[tuple[frozenset[str], "re.Pattern[str]", Needs], ...]:
    return tuple(_compiled())


def _compiled() -> Iterator[tuple[frozenset[str], "re.Pattern[str]", Needs]]:
    for rule in RULES:
        yield frozenset(rule.methods.split()), compile_path(rule.path)[0], rule.needs
