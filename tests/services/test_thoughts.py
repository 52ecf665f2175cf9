"""Thoughts told apart from answers: in the text, beside it, in parts, streamed and whole."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.errors import ModelError
from flowloom.kinds.services import Afresh
from flowloom.services.models.langchain_messages import as_chunk
from flowloom.services.models.openai_stream import Answer
from flowloom.services.models.thought_tags import asks_about_tags
from flowloom.services.models.thoughts import Splitter, split
from tests.openai_server import OpenAIServer, Say
from tests.services.test_openai_chat import PERSON, ask, router_for, user

HARMONY = "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b<|return|>"
TEXTS = {
    "as langgenius/dify#17660: no thoughts": ("1 < 2 and <b>x</b> [1]\n", "1 < 2 and <b>x</b> [1]\n", ""),
    "langgenius/dify#17660: tags": ("<think>\na\n</think>\n\nb\n", "b\n", "a"),
    "infiniflow/ragflow#5632: only the closing tag": ("a\n</think>\n\nb", "b", "a"),
    "as infiniflow/ragflow#5632: only the closing tag, twice": ("a</think>b</think>c", "c", "a\n\nb"),
    "as langgenius/dify#17660: cut by its length": ("<think>a", "", "a"),
    "as langgenius/dify#17660: upper case, space, line breaks": ("<THINK >a</ think\n>b", "b", "a"),
    "as langgenius/dify#17660: an attribute": ('<think signature="x">a</think>b', "b", "a"),
    "as langgenius/dify#17660: a prefix": ("<mm:think>a</mm:think>b", "b", "a"),
    "as langgenius/dify#17660: thinking": ("<thinking>a</thinking>b", "b", "a"),
    "as langgenius/dify#17660: thought": ("<thought>a</thought>b", "b", "a"),
    "as langgenius/dify#17660: reasoning": ("<reasoning>a</reasoning>b", "b", "a"),
    "Magistral’s model card: tags": ("[THINK]a[/THINK]b", "b", "a"),
    "Kimi-VL-Thinking’s model card: tags": ("◁think▷a◁/think▷b", "b", "a"),
    "Command A Reasoning’s model card: tags": ("<|START_THINKING|>a<|END_THINKING|>b", "b", "a"),
    "openai/harmony, its README: whole": (HARMONY, "b", "a"),
    "openai/harmony, its README: only the answer": ("<|channel|>final<|message|>b", "b", ""),
    "openai/harmony, its README: the beginning in the prompt": (
        "a<|end|><|start|>assistant<|channel|>final<|message|>b",
        "b",
        "a<|end|>",
    ),
    "as langgenius/dify#17660: nested": ("<think>a<think>c</think>d</think>b", "b", "a<think>c\n\nd"),
    "as langgenius/dify#17660: a tag named within": ("<think>use <think> now</think>b", "b", "use <think> now"),
    "as langgenius/dify#17660: several": ("<think>a</think>b <think>c</think>d", "b d", "a\n\nc"),
    "as langgenius/dify#17660: nothing thought": ("<think>\n\n</think>\n\nb", "b", ""),
    "as langgenius/dify#17660: within a line of code": ("Use `<think>` so.", "Use `<think>` so.", ""),
    "as langgenius/dify#17660: within a fence": (
        "So:\n```\n<think>x</think>\n```\nok",
        "So:\n```\n<think>x</think>\n```\nok",
        "",
    ),
    "as infiniflow/ragflow#5632: closing within a fence": (
        "```py\ns.split('</think>')\n```\nok",
        "```py\ns.split('</think>')\n```\nok",
        "",
    ),
    "as infiniflow/ragflow#5632: a fence that never ends": ("see\n```\nx\n</think>b", "b", "see\n```\nx"),
    "as langgenius/dify#17660: a word in a line": ("HTML has no <think> tag.", "HTML has no <think> tag.", ""),
    "as langgenius/dify#17660: begun on a line of its own": ("b\n<think>hm", "b\n", "hm"),
}


def streamed(pieces: list[str], **how: bool) -> tuple[str, Splitter]:
    """What a person has before them at the end of a stream."""
    splitter, shown = Splitter(**how), ""
    for piece in [*map(splitter.add, pieces), splitter.end()]:
        shown = str(piece) if isinstance(piece, Afresh) else shown + piece
    return shown, splitter


@pytest.mark.parametrize("name", TEXTS)
def test_thoughts_are_split_off_wherever_a_stream_is_cut(name: str) -> None:
    text, answer, thoughts = TEXTS[name]
    assert split(text) == (answer, thoughts)
    for size in range(1, len(text) + 1):
        shown, splitter = streamed([text[at : at + size] for at in range(0, len(text), size)])
        assert (shown, splitter.answer, splitter.thoughts) == (answer, answer, thoughts), size


WORDS = (*"<think> </think> [/THINK] ` ``` b < <|channel|> final <|message|> <|end|>".split(), "\n", " a")


@given(st.lists(st.sampled_from(WORDS), max_size=12).map("".join), st.data(), st.booleans(), st.booleans())
def test_no_cut_of_the_stream_changes_anything(text: str, data: st.DataObject, held: bool, asked: bool) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    shown, splitter = streamed(pieces, held=held, asked=asked)
    _, whole = streamed([text], held=held, asked=asked)
    assert shown == splitter.answer == whole.answer
    assert splitter.thoughts == whole.thoughts


@given(st.text(alphabet="ab <>[]\n.|/", max_size=60))
def test_a_text_without_tags_stays_as_it_is(text: str) -> None:
    assert split(text) == (text, "")


def test_with_hold_nothing_is_shown_that_turns_out_to_be_thought() -> None:
    splitter = Splitter(held=True)
    assert [splitter.add(each) for each in ("I wonder", " still</th", "ink>", "Yes")] == ["", "", "", "Yes"]


def test_an_answer_about_the_tags_may_spell_them_out() -> None:
    messages = user("What does the <think> tag do?").messages
    assert asks_about_tags(messages)
    assert not asks_about_tags(user("I think of a reasoning model").messages)
    said = "It opens <think>so</think> and </think> ends it."
    assert split(said, asked=True) == (said, "")
    assert split("<think>hm</think>" + said, asked=True) == (said, "hm")


@pytest.mark.parametrize(
    "worst", ["<", "`", "<think>", "</think>", "a\n", "```\n</think>\n", "[<", "<|start|>", "<think x"]
)
def test_a_long_text_is_read_in_bounded_time(worst: str) -> None:
    text = worst * (60_000 // len(worst))
    splitter = Splitter()
    for at in range(0, len(text), 3):
        splitter.add(text[at : at + 3])
    splitter.end()
    assert len(splitter.answer) <= len(text)


BESIDE: dict[str, Any] = {
    "DeepSeek’s reference: reasoning_content": {"reasoning_content": "a"},
    "OpenRouter’s reference, reasoning tokens: reasoning": {"reasoning": "a"},
    "as OpenRouter’s reference, reasoning tokens: an object with text": {"reasoning": {"text": "a"}},
    "as OpenRouter’s reference, reasoning tokens: an object with summary": {
        "reasoning": {"summary": [{"type": "summary_text", "text": "a"}]}
    },
    "OpenRouter’s reference, reasoning tokens: reasoning_details": {
        "reasoning_details": [{"type": "reasoning.text", "text": "a", "index": 0}]
    },
    "as OpenRouter’s reference, reasoning tokens: twice the same": {
        "reasoning": "a",
        "reasoning_details": [{"type": "reasoning.text", "text": "a"}],
    },
    "Ollama’s reference, chat: thinking": {"thinking": "a"},
    "Mistral’s reference, reasoning: a part": {
        "content": [{"type": "thinking", "thinking": [{"type": "text", "text": "a"}]}]
    },
    "Anthropic’s reference, extended thinking: a part": {
        "content": [{"type": "thinking", "thinking": "a", "signature": "s"}]
    },
    "LangChain’s reference, content blocks: a part": {"content": [{"type": "reasoning", "reasoning": "a"}]},
    "Gemini’s reference, thinking: thought is true": {"content": [{"text": "a", "thought": True}]},
}


@pytest.mark.parametrize("name", BESIDE)
@pytest.mark.parametrize("stream", [True, False])
def test_thoughts_beside_the_text_are_no_answer(name: str, stream: bool) -> None:
    answer, shown = Answer(), ""
    if stream:
        shown += answer.add({"choices": [{"delta": BESIDE[name]}]})
        shown += answer.add({"choices": [{"delta": {"content": "b"}, "finish_reason": "stop"}]})
    else:
        content = BESIDE[name].get("content", [])
        message = {**BESIDE[name], "content": [*content, {"type": "text", "text": "b"}]}
        shown += answer.add_whole({"choices": [{"message": message, "finish_reason": "stop"}]})
    shown += answer.end()
    assert (shown, answer.text, answer.thoughts) == ("b", "b", "a")


def test_langchains_messages_are_read_the_same_way() -> None:
    from langchain_core.messages import AIMessage

    blocks: list[Any] = [
        {"type": "thinking", "thinking": "a", "signature": "s"},
        {"type": "text", "text": "b"},
    ]
    for message in (
        AIMessage(blocks),
        AIMessage("b", additional_kwargs={"reasoning_content": "a"}),
        AIMessage("<think>a</think>b"),
    ):
        answer = Answer()
        answer.add(as_chunk(message))
        answer.end()
        assert (answer.text, answer.thoughts) == ("b", "a")


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as running:
        yield running


def test_the_first_time_it_is_taken_back_and_then_held(server: OpenAIServer, tmp_path: Path) -> None:
    server.script.extend([Say("I wonder </think>Yes, a lot"), Say("I wonder </think>Yes, a lot")])
    router, heard = router_for(server.url, tmp_path), []

    async def both() -> list[list[str]]:
        for _ in range(2):
            pieces: list[str] = []
            heard.append(pieces)
            reply = await router.reply(user(), pieces.append)
            assert (reply.text, reply.thoughts) == ("Yes, a lot", "I wonder")
        await router.aclose()
        return heard

    first, second = asyncio.run(both())
    assert any(isinstance(piece, Afresh) for piece in first)
    assert "".join(second) == "Yes, a lot"


def test_forms_and_choices_never_see_a_thought(server: OpenAIServer, tmp_path: Path) -> None:
    server.script.extend(
        [Say('Is it {"name": "no"}?</think>{"name": "Zoë"}'), Say("help, or a refund?</think>refund")]
    )
    form, choice = ask(
        router_for(server.url, tmp_path), user(response_schema=PERSON), user(choices={"refund": "", "help": ""})
    )
    assert (form.fields, choice.text) == ({"name": "Zoë"}, "refund")
    assert choice.thoughts == "help, or a refund?"


@pytest.mark.parametrize(
    ("say", "words"),
    [
        (Say("<think>so long", finish="length"), "reached its length limit while thinking, so there is no answer"),
        (Say("<think>done</think>"), "thought, but gave no"),
    ],
)
def test_thoughts_alone_are_no_answer(server: OpenAIServer, tmp_path: Path, say: Say, words: str) -> None:
    server.script.append(say)
    with pytest.raises(ModelError, match=words):
        ask(router_for(server.url, tmp_path), user())
