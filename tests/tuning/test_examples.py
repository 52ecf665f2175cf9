"""Examples to tune on: checked, each once, masked, split, and what they cost."""

import json
from typing import Any

import pytest

from flowloom.errors import StoreError
from flowloom.evaluation.rows import Made
from flowloom.store.datasets import DataRow, Rows
from flowloom.store.tunings import Example
from flowloom.tuning import examples
from flowloom.tuning.costs import cost_of
from flowloom.tuning.examples import check, lines_of, of_chat_lines, of_chats, of_rows, rows_held_out


def rows(*pairs: tuple[str, str], held: frozenset[int] = frozenset(), **more: Any) -> Rows:
    made = (
        DataRow(id=str(at), given={"q": asked}, expected=answer, held_out=at in held, **more)
        for at, (asked, answer) in enumerate(pairs)
    )
    return Rows(titles=("q",), message="{{q}}", rows=tuple(made))


def many(count: int, **more: Any) -> Rows:
    return rows(*((f"Number {number}?", f"It is {number}.") for number in range(count)), **more)


def test_rows_are_tidied_and_what_was_done_is_told() -> None:
    found = of_rows(
        rows(
            ("Hi?", "Hello."),
            ("hi? ", "Hello."),
            ("HI?", "Go away."),
            ("", "x"),
            ("No answer?", " "),
            ("Long?", "word " * 20_000),
            ("Write to ada@example.org", "Her key is sk-proj-abcdefghij0123456789abcdefghij"),
        ),
        "Be kind.",
    )
    assert (found.twice, found.differing, found.empty, found.long, found.masked) == (1, 1, 2, 1, 2)
    first, second = found.examples.training
    assert first == Example(asked="Hi?", answer="Hello.", before="Be kind.")
    assert "[email]" in second.asked
    assert "sk-proj" not in second.answer
    assert found.tokens == sum(map(examples.tokens_of, found.examples.training))


def test_what_is_held_out_stays_so() -> None:
    found = of_rows(many(30, held=frozenset({3, 7})))
    assert [each.answer for each in found.examples.held_out] == ["It is 3.", "It is 7."]
    # The same question on both sides would be learnt by heart.
    mixed = of_rows(rows(("A?", "a"), ("a?", "a"), ("B?", "b"), held=frozenset({1})))
    assert [each.asked for each in mixed.examples.held_out] == ["A?"]
    assert [each.asked for each in mixed.examples.training] == ["B?"]


def test_some_are_held_out_by_themselves_and_always_the_same() -> None:
    found = of_rows(many(100)).examples
    assert 15 <= len(found.held_out) <= 45
    later = of_rows(many(120)).examples
    assert set(found.held_out) <= set(later.held_out)
    assert not set(later.held_out) & set(later.training)
    assert of_rows(many(19)).examples.held_out == ()
    tried = rows_held_out(found)
    assert {(row.given["message"], row.expected) for row in tried.rows} == {
        (each.asked, each.answer) for each in found.held_out
    }


def test_of_chats_only_good_answers_teach() -> None:
    made = Made(rows(("Good?", "yes"), good=True), masked=2)
    bad = DataRow(id="x", given={"q": "Bad?"}, expected="no", good=False)
    found = of_chats(made._replace(rows=made.rows.model_copy(update={"rows": (*made.rows.rows, bad)})))
    assert [each.asked for each in found.examples.training] == ["Good?"]
    assert found.masked == 2


def line(*turns: tuple[str, Any]) -> str:
    return json.dumps({"messages": [{"role": role, "content": text} for role, text in turns]}, ensure_ascii=False)


def test_a_file_of_a_provider_comes_in_and_goes_out_the_same() -> None:
    told = [
        line(("system", "Sé breve."), ("user", "¿Qué?"), ("assistant", "你好 🎲")),
        line(("user", "One?"), ("assistant", "1")),
    ]
    found = of_chat_lines("\ufeff".encode() + "\r\n".join([*told, ""]).encode())
    assert examples.is_chat_lines("\ufeff".encode() + told[0].encode())
    assert [json.loads(each) for each in lines_of(found.examples.training).splitlines()] == list(
        map(json.loads, told)
    )


def test_earlier_turns_stand_before_the_question() -> None:
    told = line(("user", "Hi"), ("assistant", "Yes?"), ("user", "Name?"), ("assistant", "Ada"))
    (found,) = of_chat_lines(told.encode()).examples.training
    assert found == Example(asked="Name?", answer="Ada", before="user: Hi\nassistant: Yes?")


WRONG = {
    "no JSON": b"{messages",
    "no messages": b'{"prompt": "a"}',
    "messages of another kind": b'{"messages": 3}',
    "parts": line(("user", [{"type": "text", "text": "a"}]), ("assistant", "b")).encode(),
    "no answer": line(("user", "a")).encode(),
    "ends with a question": line(("assistant", "a"), ("user", "b")).encode(),
    "deep": b'{"messages": ' + b"[" * 100_000,
}


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG)
def test_a_line_that_is_no_example_is_named(data: bytes) -> None:
    good = line(("user", "a"), ("assistant", "b")).encode()
    with pytest.raises(StoreError, match="Line 2 of the file"):
        of_chat_lines(good + b"\n" + data)


def test_a_file_that_is_no_text_is_said() -> None:
    with pytest.raises(StoreError, match="isn’t text"):
        of_chat_lines(b"\xff\xfe\x00")


def test_too_few_are_said_before_anything_is_sent() -> None:
    assert check(of_rows(many(10)).examples) is None
    problem = check(of_rows(many(9)).examples)
    assert problem
    assert "9 examples" in str(problem)


def test_too_many_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "MOST", 5)
    with pytest.raises(StoreError, match="more than 5"):
        of_rows(many(6))


def test_the_cost_is_tokens_times_passes_times_price() -> None:
    assert cost_of(20_000, 3, 5.0) == pytest.approx(0.3)
    assert cost_of(20_000, 3, None) is None
