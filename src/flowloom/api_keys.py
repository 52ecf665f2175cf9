"""Keys for programs: made once, shown once, and asked at every call what they may and how much is left."""

import secrets
import time
from collections.abc import Callable, Sequence
from math import ceil
from typing import NamedTuple
from uuid import uuid4

from flowloom.errors import FlowloomError, Problem
from flowloom.spending import check_key
from flowloom.store.api_keys import SCOPES, ApiKey, ApiKeyStore, KeyFacts, Scope, period_of

PREFIX = "fl_"
"""How every key begins, so that people and scanners for leaked keys know one."""
TOKEN_PREFIX = "fla_"
"""How tokens begin with which a program that was let in by OAuth asks."""
A_MINUTE = 60
"""Requests a minute of such a program."""
NOTED_EVERY = 60.0
"""Seconds between two notes of when a key was used."""


class ApiKeyError(FlowloomError):
    """A call without a key that opens what it asks for."""

    code = "api.key"


class LimitError(FlowloomError):
    """A key has used what it may; `seconds` until it may again."""

    code = "api.limit"
    seconds: float = 0.0

    @classmethod
    def after(cls, seconds: float, problem: Problem) -> "LimitError":
        error = cls.from_problem(problem)
        error.seconds = max(1.0, ceil(seconds))
        return error


class Limits(NamedTuple):
    """How much a key may be used; None is without limit. Money is US dollars."""

    requests_a_minute: int | None = None
    runs_a_day: int | None = None
    money_a_month: float | None = None


UNLIMITED = Limits()


class ApiKeys:
    """The keys of one installation, read anew for each call, so that a revoked one opens nothing anywhere."""

    def __init__(self, store: ApiKeyStore, clock: Callable[[], float] = time.time) -> None:
        self._store, self._clock = store, clock
        self.let_make: Callable[[str], None] = lambda flow: None
        """Raises an error where no program may be let in to a GPT."""
        self.is_in: Callable[[str], bool] = lambda account: False
        """Whether somebody of a team may still sign in."""

    def make(
        self,
        name: str,
        flow: str = "",
        scopes: Sequence[Scope] = SCOPES,
        expires: float | None = None,
        limits: Limits = UNLIMITED,
    ) -> tuple[ApiKey, str]:
        """A new key, and its text, which is shown once and kept nowhere.

        Raises ApiKeyError, StoreError, and PeopleError where the rules of the workspace don’t allow it.
        """
        self.let_make(flow)
        if not scopes:
            raise ApiKeyError("This key may do nothing.", "Choose at least one thing it may do.")
        plain = PREFIX + secrets.token_urlsafe(32)
        facts = KeyFacts(
            name=name.strip()[:80],
            made=self._clock(),
            scopes=tuple(each for each in SCOPES if each in scopes),
            expires=expires,
            ending=plain[-4:],
            **limits._asdict(),
        )
        key = ApiKey(uuid4().hex, flow, facts, None, False)
        self._store.add(key.id, flow, facts, plain)
        return key, plain

    def connect(self, assistant: str, flow: str, account: str = "", by: str = "") -> ApiKey:
        """The key of a program that somebody let ask a GPT for them; nobody sees its text."""
        facts = KeyFacts(
            name=assistant,
            made=self._clock(),
            scopes=("mcp",),
            requests_a_minute=A_MINUTE,
            assistant=assistant,
            by=by,
        )
        key = ApiKey(uuid4().hex, flow, facts, None, False, account)
        self._store.add_assistant(key.id, flow, facts, account)
        return key

    def of_account(self, account: str) -> list[ApiKey]:
        """Those that somebody of a team let in, the newest first."""
        return self._store.of_account(account)

    def of(self, flow: str) -> list[ApiKey]:
        """The keys that open a GPT, the newest first."""
        return self._store.of(flow)

    def revoke(self, id: str) -> None:
        """Let a key open nothing from now on, in every process."""
        self._store.revoke(id)

    def open(self, plain: str) -> ApiKey:
        """The key that a call carries. Raises ApiKeyError where it opens nothing, LimitError."""
        found = self._find(plain) if plain else None
        problem = self._against(plain, found)
        if found is None or problem:
            raise ApiKeyError.from_problem(problem or WRONG)
        self._note_use(found)
        return found

    def _find(self, plain: str) -> ApiKey | None:
        by_token = plain.startswith(TOKEN_PREFIX)
        return self._store.find_by_token(plain, self._clock()) if by_token else self._store.find(plain)

    def _against(self, plain: str, found: ApiKey | None) -> Problem | None:
        if not plain:
            return MISSING
        if found is None:
            return WRONG
        if found.revoked or (found.account and not self.is_in(found.account)):
            return REVOKED
        expires = found.facts.expires
        return EXPIRED if expires is not None and expires <= self._clock() else None

    def _note_use(self, key: ApiKey) -> None:
        now = self._clock()
        if key.used is None or abs(now - key.used) >= NOTED_EVERY:
            self._store.used(key.id, now)
        most = key.facts.requests_a_minute
        if most is None:
            return
        minute = period_of("minute", now)
        count = self._store.count(key.id, minute)
        if count == 1:
            self._store.forget_use(key.id, "minute", minute)
        if count > most:
            raise LimitError.after(60 - now % 60, TOO_MANY.model_copy(update={"params": {"most": str(most)}}))

    def count_run(self, key: ApiKey) -> None:
        """A run begins. Raises LimitError where the key has had those of today, BudgetError where money is spent.

        To be called in the transaction that begins the run, so that one that does not begin is not counted.
        """
        self.check_run(key)
        if key.facts.runs_a_day is not None:
            day = period_of("day", self._clock())
            if self._store.count(key.id, day) == 1:
                self._store.forget_use(key.id, "day", day)

    def check_run(self, key: ApiKey) -> None:
        """Whether it may begin a run, without counting one. Raises LimitError, BudgetError."""
        now, most = self._clock(), key.facts.runs_a_day
        check_key(self._store, key, now)
        if most is not None and self._store.amount(key.id, period_of("day", now)) >= most:
            raise LimitError.after(_to_midnight(now), RUNS_USED.model_copy(update={"params": {"most": str(most)}}))

    def spent(self, id: str) -> float:
        """What a key has spent this month, in US dollars."""
        return self._store.amount(id, period_of("month", self._clock()))

    def get(self, id: str) -> ApiKey | None:
        return self._store.get(id)

    def delete_of(self, flow: str) -> None:
        """Let go of the keys of a GPT that is no more."""
        self._store.delete_of(flow)


def may(key: ApiKey, scope: Scope, flow: str = "") -> bool:
    """Whether a key is good for something, with this GPT where one is named."""
    return scope in key.facts.scopes and key.flow in ("", flow or key.flow)


def _to_midnight(now: float) -> float:
    there = time.localtime(now)
    return 86_400 - (there.tm_hour * 3_600 + there.tm_min * 60 + there.tm_sec)


MISSING = Problem.of(
    "api.key.missing",
    "This call carries no key.",
    "Send “Authorization: Bearer” and a key of this GPT. Whoever published it can make one under Publish.",
)
WRONG = Problem.of(
    "api.key.wrong", "This key isn’t known here.", "Check that it was copied whole, or make a new one."
)
REVOKED = Problem.of("api.key.revoked", "This key was revoked.", "Ask whoever gave it to you for a new one.")
EXPIRED = Problem.of("api.key.expired", "This key has expired.", "Ask whoever gave it to you for a new one.")
TOO_MANY = Problem.of(
    "api.limit.minute",
    "This key may make {most} requests a minute, and has made them.",
    "Wait a moment and try again.",
)
RUNS_USED = Problem.of(
    "api.limit.day", "This key may start {most} runs a day, and has started them.", "Try again tomorrow."
)
