"""JavaScript is given values, gives JSON, reaches nothing, and ends in a sentence whatever it does."""

from typing import Any

import pytest

from flowloom.kinds.code import CodeJob, CodeResult
from flowloom.services.code import javascript
from flowloom.services.code.javascript import run_javascript


def run(code: str, seconds: float = 5, **values: Any) -> CodeResult:
    return run_javascript(CodeJob(code=code, engine="javascript", seconds=seconds, values=values))


VALUES = {
    "1 + 1": 2,
    "const words = ['a', 'b']; words.map(word => word.toUpperCase())": ["A", "B"],
    "({a: undefined, b: null, c: new Date(0), d: NaN})": {"b": None, "c": "1970-01-01T00:00:00.000Z", "d": None},
    "(async () => { await null; return 'later' })()": "later",
    "let x = 1;": None,
    "result = 4; let y": 4,
    "(() => {})": None,
    "'😀'.length": 2,
}


@pytest.mark.parametrize("code", VALUES)
def test_the_last_expression_is_the_value(code: str) -> None:
    found = run(code)
    assert found.failure is None, found.failure
    assert (found.value, found.engine) == (VALUES[code], "javascript")


def test_values_are_variables_and_what_is_logged_is_kept() -> None:
    names = {"items_": [{"json": {"name": "Ann"}}], "__proto__": {"bad": 1}}
    found = run("console.log(items_[0].json, 'said', 1); items_.length + typeof ({}).bad", **names)
    assert (found.value, found.printed) == ("1undefined", '{"name":"Ann"} said 1\n')


def test_a_mistake_is_told_with_its_line() -> None:
    failure = run("const a = 1;\nfoo.bar()").failure
    assert failure is not None
    assert failure.told == "ReferenceError: foo is not defined"
    assert failure.problem.params["line"] == "2"
    assert run("let x = ;").failure is not None
    assert "no" in str(run("throw new TypeError('no')").failure)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("while (true) {}", "code.time"),
        ("'x'.repeat(60_000_000).length", "code.memory"),
        ("function again() { return again() + 1 }\nagain()", "code.broke"),
    ],
)
def test_no_code_takes_more_than_it_may(code: str, problem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(javascript, "MAX_MEMORY", 16 * 1024 * 1024)
    failure = run(code, seconds=0.5).failure
    assert failure is not None
    assert failure.problem.code == problem


def test_a_promise_that_never_comes_is_told() -> None:
    assert run("new Promise(() => {})", seconds=0.5).failure is not None


@pytest.mark.parametrize(
    "name",
    ["require", "process", "fetch", "XMLHttpRequest", "setTimeout", "WebAssembly", "Deno", "os", "std", "module"],
)
def test_there_is_nothing_to_reach(name: str) -> None:
    assert run(f"typeof {name}").value == "undefined"


def test_no_module_comes_in() -> None:
    assert run("import('fs')").failure is not None


def test_one_run_leaves_nothing_to_the_next() -> None:
    run("globalThis.secret = 1; Object.prototype.left = 1")
    assert run("typeof secret + typeof ({}).left").value == "undefinedundefined"
