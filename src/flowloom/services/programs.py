"""What may be started on this computer: only what a person confirmed, each program by its exact text.

A confirmation is two calls with time between them: `ask` shows the program and hands out a number, `confirm` takes
it back with a word the person typed. The number counts once, for exactly this program, and not before somebody
could have read it: whatever a page does, this is kept here.
"""

import hashlib
import json
import logging
import secrets
import shlex
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from threading import Lock

from flowloom.errors import FlowloomError, SecretError
from flowloom.locales import Verbatim
from flowloom.services.secrets import SecretStore

log = logging.getLogger(__name__)

READING = 4.0
"""Seconds between being shown a program and letting it run."""
GOOD_FOR = 900.0
"""Seconds after which a question has to be asked anew."""
TRIES = 5
"""Wrong words before a question has to be asked anew."""
_ASKED_AT_ONCE = 50
_KEPT = "programs-allowed"
"""The secret that holds the marks of the confirmed ones; encrypted, so that no other program can add to it."""


class ProgramError(FlowloomError):
    """A program may not be started, or could not be confirmed."""

    code = "program"


@dataclass(frozen=True, slots=True)
class Program:
    """What would be started. `variables` are those of its environment that a person wrote, with their values."""

    command: str
    arguments: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def line(self) -> str:
        """The whole of it as one would type it, without the values of variables."""
        return shlex.join((self.command, *self.arguments))

    @property
    def word(self) -> str:
        """What a person types to confirm it: the name of the program."""
        return PurePath(self.command.replace("\\", "/")).name or self.command

    @property
    def mark(self) -> str:
        """Differs where anything does; of a variable also the value, as some say what else is started."""
        told = [self.command, list(self.arguments), sorted(self.variables.items())]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


@dataclass(slots=True)
class _Asked:
    mark: str
    at: float
    tries: int = 0


class Programs:
    """The programs of this computer that a person let run."""

    def __init__(self, kept: SecretStore) -> None:
        self._kept, self._lock = kept, Lock()
        self._asked: dict[str, _Asked] = {}

    def may_run(self, program: Program) -> bool:
        return program.mark in self._marks()

    def ask(self, program: Program) -> str:
        """The number of a new question about this program."""
        number = secrets.token_urlsafe(16)
        with self._lock:
            fresh = [(key, asked) for key, asked in self._asked.items() if not _is_old(asked)]
            self._asked = dict(fresh[-_ASKED_AT_ONCE + 1 :])
            self._asked[number] = _Asked(program.mark, time.monotonic())
        return number

    def confirm(self, number: str, program: Program, word: str) -> None:
        """Let a program run from now on. Raises ProgramError, and SecretError where it cannot be kept."""
        with self._lock:
            asked = self._asked.get(number)
            if asked is None or _is_old(asked) or asked.mark != program.mark:
                raise ProgramError(
                    "This question is out of date, or the program has changed.",
                    "Close this window and confirm the program again.",
                    code="program.old",
                )
            _refuse_haste(asked)
            if word.strip().casefold() != program.word.casefold():
                self._count(number, asked)
                raise ProgramError(
                    "This is not the name of the program.",
                    "Type {word}, then confirm.",
                    code="program.word",
                    word=Verbatim(program.word),
                )
            del self._asked[number]
        self.allow(program)

    def allow(self, program: Program) -> None:
        """Keep that a program may run. Raises SecretError."""
        with self._lock:
            self._keep({*self._marks(), program.mark})
        log.warning("A program was allowed to run on this computer: %s", program.word)

    def forget(self, program: Program) -> None:
        with self._lock:
            self._keep(self._marks() - {program.mark})

    def _count(self, number: str, asked: _Asked) -> None:
        asked.tries += 1
        if asked.tries >= TRIES:
            del self._asked[number]

    def _marks(self) -> set[str]:
        try:
            found = json.loads(self._kept.reveal(_KEPT)) if self._kept.has(_KEPT) else []
        except (SecretError, ValueError):
            return set()
        return {mark for mark in found if isinstance(mark, str)} if isinstance(found, list) else set()

    def _keep(self, marks: Iterable[str]) -> None:
        self._kept.set(_KEPT, json.dumps(sorted(marks)))


def _is_old(asked: _Asked) -> bool:
    return time.monotonic() - asked.at > GOOD_FOR


def _refuse_haste(asked: _Asked) -> None:
    left = READING - (time.monotonic() - asked.at)
    if left > 0:
        raise ProgramError(
            "Please read what will be started first.",
            "You can confirm it in {seconds} seconds.",
            code="program.haste",
            seconds=max(1, round(left)),
        )
