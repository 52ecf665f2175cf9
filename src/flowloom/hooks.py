"""Webhooks: another program has a GPT asked, and proves by a signature that it may.

Two ways to sign are known: Standard Webhooks 1.0 (`webhook-id`, `webhook-timestamp`, `webhook-signature` over
`id.timestamp.body`) and GitHub's (`x-hub-signature-256` over the body). What came once begins no second run.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.nodes.templates import fill
from flowloom.run.events import ENDS, RunEvent
from flowloom.runner import Runner, require_runnable
from flowloom.services.secrets import SecretStore
from flowloom.store.hooks import Hook, HookStore
from flowloom.store.runs import HOOK, RunStore

LARGEST = 1024 * 1024
"""Bytes of what is received."""
OLDEST = 300.0
"""Seconds by which a time that was signed may differ from ours."""
PREFIX = "whsec_"


class HookRefused(FlowloomError):
    """What was received is not from whom it should be, or there is no such address."""

    code = "hook.refused"


class Hooks:
    """The webhooks of one installation."""

    def __init__(
        self,
        store: HookStore,
        runs: RunStore,
        runner: Runner,
        keys: SecretStore,
        flow_of: Callable[[str], Flow],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`flow_of` gives a GPT as it is to run now. Raises FlowloomError where it is gone."""
        self.store, self._runs, self._runner, self._keys = store, runs, runner, keys
        self._flow_of, self._clock = flow_of, clock
        self.let_add: Callable[[str], None] = lambda flow: None
        """Raises an error where no program may be let in to a GPT."""
        runner.watch(self._hear)

    def add(self, flow: str, message: str) -> tuple[str, str]:
        """A new address for a GPT: its id, and the key that its caller signs with, which is shown once.

        Raises PeopleError where the rules of the workspace don’t allow it.
        """
        self.let_add(flow)
        id, key = self.store.add(flow, message), PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
        self._keys.set(_name(id), key)
        return id, key

    def delete(self, id: str) -> None:
        """Let go of an address with its key."""
        self.store.delete(id)
        self._keys.delete(_name(id))

    def delete_of(self, flow: str) -> None:
        """Let go of all addresses of a GPT."""
        for id in self.store.of(flow):
            self.delete(id)

    def receive(self, id: str, headers: Mapping[str, str], body: bytes) -> str:
        """Begin a run, and give its id; that of before where this was received already.

        Raises HookRefused, and FlowloomError where the GPT cannot run.
        """
        hook = self.store.get(id)
        if hook is None or not hook.active or not self._keys.has(_name(id)):
            raise HookRefused("There is nothing at this address.", "Check the address.", code="hook.none")
        key = self._checked(id, headers, body)
        with self._runs.whole():  # of two who receive it at once, one begins a run
            known = self.store.received(id, key)
            if known is not None:
                return known
            try:
                run = self._begun(hook, body)
            except FlowloomError as error:
                self.store.keep(id, key, "", error.problem)
                failed = error
            else:
                self.store.keep(id, key, run)
                return run
        raise failed

    def _begun(self, hook: Hook, body: bytes) -> str:
        flow = self._flow_of(hook.flow)
        require_runnable(flow)
        conversation = self._runs.new_conversation(flow.id, via=HOOK)
        said = fill(hook.message, fields_of(body)).strip()
        return self._runner.start(flow, said, conversation, unattended=True)

    def _checked(self, id: str, headers: Mapping[str, str], body: bytes) -> str:
        """What tells this call from any other. Raises HookRefused where it is not signed, or too old."""
        key = self._keys.reveal(_name(id))
        if "webhook-signature" in headers:
            return self._standard(key, headers, body)
        given = headers.get("x-hub-signature-256", "").removeprefix("sha256=")
        wanted = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(given.encode(), wanted.encode()):
            raise _unsigned()
        return wanted

    def _standard(self, key: str, headers: Mapping[str, str], body: bytes) -> str:
        call, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        signed = b".".join((call.encode(), moment.encode(), body))
        wanted = hmac.new(base64.b64decode(key.removeprefix(PREFIX)), signed, hashlib.sha256).digest()
        offered = [
            part.partition(",")[2] for part in headers["webhook-signature"].split() if part.startswith("v1,")
        ]
        said = base64.b64encode(wanted)
        if not call or not any(hmac.compare_digest(each.encode(), said) for each in offered[:10]):
            raise _unsigned()
        if not moment.isdecimal() or abs(self._clock() - int(moment[:20])) > OLDEST:
            raise HookRefused(
                "This call is too old.", "Check the clock of the program that sends it.", code="hook.old"
            )
        return call[:200]

    def _hear(self, flow_id: str, event: RunEvent) -> None:
        if isinstance(event, ENDS) and self._runs.via_of(event.run_id) == HOOK:
            view = self._runner.view(event.run_id)
            self.store.ended(event.run_id, view.problem if view else None)


def fields_of(body: bytes) -> dict[str, Any]:
    """What a message may name of what was received: `body`, all of it, and each field of a JSON object."""
    text = body.decode("utf-8", "replace")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    return {**(found if isinstance(found, dict) else {}), "body": text}


def _name(id: str) -> str:
    return f"webhook {id}"


def _unsigned() -> HookRefused:
    return HookRefused(
        "This call isn’t signed with the key of this address.",
        "Use the key that was shown when the address was made, or make a new one.",
        code="hook.signature",
    )
