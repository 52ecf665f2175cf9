"""A program runs only after a person had time to read what it is and typed its name, once."""

import json
import logging
from pathlib import Path

import pytest

from flowloom.services import programs as module
from flowloom.services.programs import GOOD_FOR, READING, TRIES, Program, ProgramError, Programs
from flowloom.services.secrets import SecretStore

FILES = Program("/usr/local/bin/npx", ("-y", "files", "a b"), {"TOKEN": "k3y-x7Qx7Q"})


class Clock:
    now = 1_000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(module, "time", found)
    return found


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", "open sesame, my keys")
    return Programs(SecretStore(tmp_path))


def refused(programs: Programs, number: str, program: Program, word: str) -> str:
    with pytest.raises(ProgramError) as caught:
        programs.confirm(number, program, word)
    return caught.value.problem.code


def test_read_then_named_it_may_run(programs: Programs, clock: Clock, tmp_path: Path) -> None:
    number = programs.ask(FILES)
    assert not programs.may_run(FILES)
    clock.now += READING
    programs.confirm(number, FILES, " NPX ")
    assert programs.may_run(FILES)
    assert Programs(SecretStore(tmp_path)).may_run(FILES)
    programs.forget(FILES)
    assert not programs.may_run(FILES)


def test_a_script_that_asks_and_confirms_at_once_is_refused(programs: Programs, clock: Clock) -> None:
    number = programs.ask(FILES)
    assert refused(programs, number, FILES, "npx") == "program.haste"
    clock.now += READING - 0.5
    assert refused(programs, number, FILES, "npx") == "program.haste"
    assert not programs.may_run(FILES)


def test_a_question_counts_once(programs: Programs, clock: Clock) -> None:
    number = programs.ask(FILES)
    clock.now += READING
    programs.confirm(number, FILES, "npx")
    programs.forget(FILES)
    assert refused(programs, number, FILES, "npx") == "program.old"


@pytest.mark.parametrize(
    "other",
    [
        Program("npx", FILES.arguments, FILES.variables),
        Program(FILES.command, ("-y", "files", "a", "b"), FILES.variables),
        Program(FILES.command, FILES.arguments, {"TOKEN": "another"}),
        Program(FILES.command, FILES.arguments, {**FILES.variables, "NODE_OPTIONS": ""}),
    ],
)
def test_it_is_for_the_program_that_was_shown(programs: Programs, clock: Clock, other: Program) -> None:
    number = programs.ask(FILES)
    clock.now += READING
    assert refused(programs, number, other, other.word) == "program.old"
    programs.confirm(number, FILES, "npx")
    assert not programs.may_run(other)


def test_wrong_words_and_old_questions(programs: Programs, clock: Clock) -> None:
    number = programs.ask(FILES)
    clock.now += READING
    for word in ["", "x", *["np"] * (TRIES - 2)]:
        assert refused(programs, number, FILES, word) == "program.word"
    assert refused(programs, number, FILES, "npx") == "program.old"
    number = programs.ask(FILES)
    clock.now += GOOD_FOR + 1
    assert refused(programs, number, FILES, "npx") == "program.old"
    assert refused(programs, "", FILES, "npx") == "program.old"


def test_what_is_kept_is_encrypted_and_tells_no_key(
    programs: Programs, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        programs.allow(FILES)
    assert "npx" in caplog.text  # also the terminal says that one was let in
    kept = (tmp_path / "secrets.json").read_text()
    for text in (kept, caplog.text, repr(FILES)):
        assert "k3y-x7Qx7Q" not in text
    assert FILES.mark not in kept


def test_a_file_that_was_written_by_another_program_allows_nothing(programs: Programs, tmp_path: Path) -> None:
    programs.allow(FILES)
    path = tmp_path / "secrets.json"
    path.write_text(json.dumps(json.loads(path.read_text()), indent=1).replace("gAAAA", "gAAAB"))
    assert not programs.may_run(FILES)
