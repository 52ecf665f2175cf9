"""A question of a program becomes a run: begun whole or not at all, and the same one where it is sent again."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flowloom.errors import Problem
from flowloom.kinds.values import Reader
from flowloom.publishing import Published
from flowloom.serve.api.errors import ApiError
from flowloom.serve.api.gate import Call
from flowloom.serve.api.messages import Asked
from flowloom.store.api_keys import Scope as KeyScope
from flowloom.store.api_runs import ApiRun
from flowloom.store.runs import API
from flowloom.visits.visitors import Caller


@dataclass(frozen=True)
class Wish:
    """How something is asked.

    `user` names whoever sits before the program, `conversation` is the one to go on with, `repeat` and `digest`
    tell a request that is sent again. `lasting`: the run goes on although nobody waits for it.
    """

    user: str = ""
    conversation: str = ""
    repeat: str = ""
    digest: str = ""
    kept: bool = True
    lasting: bool = False
    background: bool = False
    """Nobody waits for it at all, so any machine may run it."""
    via: str = API


def wish_of(call: Call, body: Mapping[str, Any], **more: Any) -> Wish:
    """How a request is meant. Raises ApiError."""
    repeat = call.request.headers.get("idempotency-key", "")
    if len(repeat) > 255:
        raise ApiError.of(400, LONG_REPEAT)
    user = body.get("safety_identifier") or body.get("user")
    digest = digest_of(call.request.url.path, body) if repeat else ""
    lasting = more.pop("lasting", False) or bool(repeat)
    return Wish(user if isinstance(user, str) else "", repeat=repeat, digest=digest, lasting=lasting, **more)


def digest_of(path: str, body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps([path, body], sort_keys=True).encode()).hexdigest()


def begin_by_name(call: Call, slug: Any, scope: KeyScope, asked: Asked, wish: Wish) -> tuple[str, ApiRun]:
    """The same for the GPT of a name; gives that name as it is written, too."""
    published = call.published(slug, scope)
    return published.publication.slug, begin(call, published, asked, wish)


def begin(call: Call, published: Published, asked: Asked, wish: Wish) -> ApiRun:
    """Start a run, or find the one that was started by the same request. Raises ApiError, FlowloomError."""
    runs = call.home.runs
    if len(asked.message.text) > MOST_TEXT:
        raise ApiError.of(400, LONG_TEXT)
    has_files = any(each.files for each in (asked.message, *asked.before))
    conversation = wish.conversation
    if call.person:
        conversation = _of_person(call, published, conversation)
    # Files take long to read, during which nobody else could write.
    if has_files:
        call.home.api_keys.check_run(call.key)
        conversation = conversation or _conversation(call, published, wish)
        files = asked.keep(runs, conversation)
    with runs.whole():
        if wish.repeat and (known := call.home.api_runs.repeated(call.key.id, wish.repeat)):
            return _same(known, wish)
        call.home.api_keys.count_run(call.key)
        if not has_files:
            conversation = conversation or _conversation(call, published, wish)
            files = asked.keep(runs, conversation)
        run_id = call.home.runner.start(
            published.flow, asked.message.text, conversation, files, unattended=wish.background
        )
        begun = ApiRun(run_id, call.key.id, conversation, wish.digest, wish.kept, wish.lasting, time.time())
        call.home.api_runs.add(begun, wish.repeat)
    return begun


def _conversation(call: Call, published: Published, wish: Wish) -> str:
    """A new conversation. Whom the program does not name is a stranger, of whom nothing is remembered."""
    who = hashlib.sha256(wish.user.encode()).hexdigest()[:32] if wish.user else uuid4().hex
    return call.home.runs.new_conversation(
        published.flow.id, Reader(), visitor=f"{call.key.id}/{who}", via=wish.via
    )


def _of_person(call: Call, published: Published, conversation: str) -> str:
    """A conversation of whoever let the program in, theirs alone, as if they asked on the page."""
    visit = call.home.visits.enter(published.publication.slug, "", Caller(account=call.person))
    conversation = conversation or visit.begin()
    visit.require(conversation)
    visit.admit(conversation)
    return conversation


def _same(known: ApiRun, wish: Wish) -> ApiRun:
    if known.digest != wish.digest:
        raise ApiError.of(409, OTHER_BODY)
    return known


MOST_TEXT = 1_000_000
LONG_TEXT = Problem.of("api.long", "The message is longer than a million characters.", "Send it as a file.")
LONG_REPEAT = Problem.of("api.repeat", "The Idempotency-Key is longer than 255 characters.", "Send a shorter one.")
OTHER_BODY = Problem.of(
    "api.repeat",
    "Another request was sent with this Idempotency-Key before.",
    "Send each new request with a new Idempotency-Key.",
)
