"""Prompts that are written in the studio: their versions, and what models answered to each."""

import json
import time
import zlib
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field

from flowloom.errors import Problem, StoreError
from flowloom.kinds.values import Token
from flowloom.store.db import Database
from flowloom.store.problem_column import in_column, of_column

Take = Literal["first", "likeliest", "judge", "vote"]
TRY = "id, prompt, number, at, who, going, problem, plan"
SAMPLE = "step, number, at, cost, read, written, seconds, sureness, taken, problem, data"


class Kept(BaseModel):
    model_config = ConfigDict(frozen=True)


class Step(Kept):
    """One question of a program: asked `samples` times, of which one answer is taken.

    `text` holds `{{names}}` of inputs and of the steps before it.
    """

    name: str = "answer"
    text: str = ""
    system: str = ""
    model: str = "default"
    samples: int = Field(default=1, ge=1, le=100)
    take: Take = "first"
    rule: str = ""
    """What makes an answer good, where a model judges."""
    temperature: float | None = Field(default=None, ge=0, le=2)
    most_tokens: int = Field(default=200, ge=1, le=32_000)


class Program(Kept):
    """A prompt as it is kept: steps one after another."""

    steps: tuple[Step, ...] = (Step(),)


class TryPlan(Kept):
    """What is asked, apart from the prompt; `budget` is in US dollars, `a_minute` of all calls."""

    inputs: dict[str, str] = {}
    at_once: int = Field(default=4, ge=1, le=32)
    a_minute: int | None = Field(default=None, ge=1)
    budget: float | None = None


class Prompt(NamedTuple):
    """A prompt in its latest version; `made` is in epoch seconds."""

    id: str
    flow: str
    name: str
    made: float
    number: int


class PromptVersion(NamedTuple):
    number: int
    at: float
    who: str


class Try(NamedTuple):
    """A version that was asked; `going` until it has ended, `problem` is why it stopped by itself."""

    id: str
    prompt: str
    number: int
    at: float
    who: str
    going: bool
    problem: Problem | None
    plan: TryPlan


class Sample(NamedTuple):
    """One answer. `sureness` is the mean log probability of its tokens, None where none are told.

    `begun` is the beginning a person chose for it. Costs are in US dollars; None is unknown.
    """

    step: int
    number: int
    text: str
    at: float = 0.0
    cost: float | None = None
    read: int | None = None
    written: int | None = None
    seconds: float | None = None
    sureness: float | None = None
    taken: bool = False
    problem: Problem | None = None
    begun: str = ""
    because: str = ""
    model: str = ""
    tokens: tuple[Token, ...] = ()

    @property
    def whole(self) -> str:
        """The answer with its beginning."""
        return self.begun + self.text


class PromptStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def create(self, flow: str, name: str, program: Program, who: str = "") -> str:
        """Keep a new prompt of a GPT, and give its id."""
        id = uuid4().hex
        with self._db.transaction():
            self._db.do("INSERT INTO prompts VALUES (?, ?, ?, ?)", id, flow, name, time.time())
            self.add_version(id, program, who)
        return id

    def add_version(self, id: str, program: Program, who: str = "") -> int:
        """Keep the newest version, and give its number; in the place of the last where nobody asked that."""
        with self._db.transaction():
            (last,) = self._db.one("SELECT max(number) FROM prompt_versions WHERE prompt = ?", id)
            if last and self.program(id, last) == program:
                return int(last)
            asked = self._db.one("SELECT 1 FROM prompt_tries WHERE prompt = ? AND number = ?", id, last or 0)
            number = int(last or 0) + (1 if asked or not last else 0)
            self._db.do("DELETE FROM prompt_versions WHERE prompt = ? AND number = ?", id, number)
            values = (id, number, time.time(), who, program.model_dump_json())
            self._db.do("INSERT INTO prompt_versions VALUES (?, ?, ?, ?, ?)", *values)
        return number

    def rename(self, id: str, name: str) -> None:
        self._db.do("UPDATE prompts SET name = ? WHERE id = ?", name, id)

    def all(self, flow: str) -> list[Prompt]:
        """The prompts of a GPT, the latest first."""
        rows = self._db.all(
            "SELECT p.id, p.flow, p.name, p.made, max(v.number) FROM prompts p "
            "JOIN prompt_versions v ON v.prompt = p.id WHERE p.flow = ? "
            "GROUP BY p.id, p.flow, p.name, p.made ORDER BY p.made DESC",
            flow,
        )
        return [Prompt(*row) for row in rows]

    def get(self, id: str) -> Prompt:
        """Raises StoreError where there is none."""
        row = self._db.one("SELECT flow FROM prompts WHERE id = ?", id)
        found = next((each for each in self.all(row[0]) if each.id == id), None) if row else None
        if found is None:
            raise StoreError("This prompt no longer exists.", "Open the prompt studio to see what there is.")
        return found

    def versions(self, id: str) -> list[PromptVersion]:
        """The newest first."""
        rows = self._db.all("SELECT number, at, who FROM prompt_versions WHERE prompt = ? ORDER BY number DESC", id)
        return [PromptVersion(*row) for row in rows]

    def program(self, id: str, number: int) -> Program:
        """What a version says. Raises StoreError where there is none."""
        row = self._db.one("SELECT data FROM prompt_versions WHERE prompt = ? AND number = ?", id, number)
        if row is None:
            raise StoreError("This prompt no longer exists.", "Open the prompt studio to see what there is.")
        return Program.model_validate_json(row[0])

    def begin(self, prompt: str, number: int, plan: TryPlan, who: str = "") -> str:
        """Keep that a version is asked, and give the id of the try."""
        id = uuid4().hex
        self._db.do(
            "INSERT INTO prompt_tries (id, prompt, number, at, who, going, plan) VALUES (?, ?, ?, ?, ?, TRUE, ?)",
            id, prompt, number, time.time(), who, plan.model_dump_json(),
        )  # fmt: skip
        return id

    def end(self, id: str, problem: Problem | None = None) -> None:
        """Keep that a try has ended, and why where it did by itself before its end."""
        told = in_column(problem)
        self._db.do("UPDATE prompt_tries SET going = FALSE, problem = ? WHERE id = ?", told, id)

    def go(self, id: str) -> None:
        """Have a try go on, and what failed in it be asked again."""
        with self._db.transaction():
            self._db.do("DELETE FROM prompt_samples WHERE trial = ? AND problem IS NOT NULL", id)
            self._db.do("UPDATE prompt_tries SET going = TRUE, problem = NULL WHERE id = ?", id)

    def left(self) -> list[str]:
        """Tries that nobody stopped and that have not ended, the oldest first."""
        return [id for (id,) in self._db.all("SELECT id FROM prompt_tries WHERE going ORDER BY at")]

    def tried(self, id: str) -> Try:
        """Raises StoreError where there is none."""
        row = self._db.one(f"SELECT {TRY} FROM prompt_tries WHERE id = ?", id)
        if row is None:
            raise StoreError("This prompt no longer exists.", "Open the prompt studio to see what there is.")
        return _try(row)

    def is_wanted(self, id: str) -> bool:
        """Whether nobody stopped it, and it has not ended."""
        row = self._db.one("SELECT going FROM prompt_tries WHERE id = ?", id)
        return bool(row and row[0])

    def tries(self, prompt: str, most: int = 200) -> list[Try]:
        """Those of all versions, the latest first."""
        rows = self._db.all(
            f"SELECT {TRY} FROM prompt_tries WHERE prompt = ? ORDER BY at DESC LIMIT ?", prompt, most
        )
        return [_try(row) for row in rows]

    def keep(self, id: str, sample: Sample) -> None:
        """Keep an answer; nothing where somebody deleted the prompt meanwhile."""
        data = {"text": sample.text, "begun": sample.begun, "because": sample.because, "model": sample.model}
        tokens = [each.model_dump() for each in sample.tokens]
        self._db.do(
            "INSERT INTO prompt_samples SELECT CAST(?1 AS TEXT), CAST(?2 AS BIGINT), CAST(?3 AS BIGINT), "
            "CAST(?4 AS DOUBLE PRECISION), CAST(?5 AS DOUBLE PRECISION), CAST(?6 AS BIGINT), CAST(?7 AS BIGINT), "
            "CAST(?8 AS DOUBLE PRECISION), CAST(?9 AS DOUBLE PRECISION), ?10, CAST(?11 AS TEXT), ?12 "
            "WHERE EXISTS (SELECT 1 FROM prompt_tries WHERE id = ?1)",
            id, sample.step, sample.number, time.time(), sample.cost, sample.read, sample.written, sample.seconds,
            sample.sureness, sample.taken, in_column(sample.problem),
            zlib.compress(json.dumps({**data, "tokens": tokens}, ensure_ascii=False).encode(), 6),
        )  # fmt: skip

    def take(self, id: str, step: int, number: int, because: str = "") -> None:
        """Keep which answer of a step was taken."""
        found = next((each for each in self.samples(id) if (each.step, each.number) == (step, number)), None)
        if found is None:
            return
        with self._db.transaction():
            self._db.do("DELETE FROM prompt_samples WHERE trial = ? AND step = ? AND number = ?", id, step, number)
            self.keep(id, found._replace(taken=True, because=because))

    def samples(self, id: str) -> list[Sample]:
        """The answers of a try, in order."""
        rows = self._db.all(f"SELECT {SAMPLE} FROM prompt_samples WHERE trial = ? ORDER BY step, number", id)
        return [_sample(row) for row in rows]

    def facts(self, prompt: str) -> list[tuple[int, str, Sample]]:
        """Version, try and facts of every answer, without its text: for what is counted over all of them."""
        rows = self._db.all(
            "SELECT t.number, t.id, s.step, s.number, s.at, s.cost, s.read, s.written, s.seconds, s.sureness, "
            "s.taken, s.problem FROM prompt_samples s JOIN prompt_tries t ON t.id = s.trial WHERE t.prompt = ? "
            "ORDER BY t.number, t.at, s.step, s.number",
            prompt,
        )
        return [(row[0], row[1], _facts(row[2:])) for row in rows]

    def delete(self, id: str) -> None:
        """Let go of a prompt with all that was answered to it."""
        with self._db.transaction():
            theirs = "(SELECT id FROM prompt_tries WHERE prompt = ?)"
            self._db.do(f"DELETE FROM prompt_samples WHERE trial IN {theirs}", id)
            for table in ("prompt_tries", "prompt_versions"):
                self._db.do(f"DELETE FROM {table} WHERE prompt = ?", id)
            self._db.do("DELETE FROM prompts WHERE id = ?", id)

    def delete_of(self, flow: str) -> None:
        """Let go of all prompts of a GPT."""
        for prompt in self.all(flow):
            self.delete(prompt.id)


def _try(row: Iterable[Any]) -> Try:
    id, prompt, number, at, who, going, problem, plan = row
    told = of_column(problem)
    return Try(id, prompt, number, at, who, bool(going), told, TryPlan.model_validate_json(plan))


def _facts(row: Iterable[Any]) -> Sample:
    step, number, at, cost, read, written, seconds, sureness, taken, problem = row
    told = of_column(problem)
    return Sample(step, number, "", at, cost, read, written, seconds, sureness, bool(taken), told)


def _sample(row: Iterable[Any]) -> Sample:
    *facts, data = row
    kept = json.loads(zlib.decompress(data))
    tokens = tuple(Token.model_validate(each) for each in kept.pop("tokens"))
    return _facts(facts)._replace(**kept, tokens=tokens)
