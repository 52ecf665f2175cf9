"""Summarise: texts of any length within a number of calls that is known before."""

import asyncio
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.errors import ModelError, NodeError
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.services import OnText
from flowloom.kinds.values import ModelReply, ModelRequest, Usage
from flowloom.nodes.models.pieces import pieces_of
from flowloom.nodes.models.summarise import PIECE, TOGETHER, calls_for
from tests.nodes.conftest import World


@dataclass
class Shortener:
    """Answers with how much it read, and counts how many ask it at once."""

    asked: list[str] = field(default_factory=list)
    said: str = ""
    open: int = 0
    most: int = 0
    fails: bool = False

    async def reply(self, request: ModelRequest, on_text: OnText) -> ModelReply:
        text = request.messages[-1].text
        self.asked.append(text)
        self.open += 1
        self.most = max(self.most, self.open)
        await asyncio.sleep(0)
        self.open -= 1
        if self.fails:
            raise ModelError("The server is away.")
        said = self.said or f"{len(text)} read"
        on_text(said)
        return ModelReply(text=said, usage=Usage(model="m", input_tokens=1))


def shortened(world: World, **more: object) -> Shortener:
    models = Shortener(**more)  # type: ignore[arg-type]
    world.models = models  # type: ignore[assignment]
    return models


PARAGRAPH = "A sentence with some words in it. " * 20 + "\n\n"


def test_a_short_text_is_one_call_that_streams(world: World) -> None:
    models = shortened(world)
    assert world.run("summarise", text=" Hello there. ") == {"summary": "12 read"}
    assert models.asked == ["Hello there."]
    assert world.streamed == [("summary", "12 read")]


@pytest.mark.parametrize("pieces", [2, TOGETHER, TOGETHER + 1, 50])
def test_a_long_text_is_read_in_parts_and_only_the_last_step_shows(world: World, pieces: int) -> None:
    models = shortened(world)
    text = "x" * (PIECE * pieces)
    world.run("summarise", {"parts": 50}, text=text)
    assert len(models.asked) == calls_for(pieces)
    assert "".join(models.asked[:pieces]) == text
    assert len(world.streamed) == 1
    assert 1 < models.most <= 4
    assert len(world.spent) == len(models.asked)


def test_wordy_parts_are_cut_so_that_a_call_never_reads_more_than_a_piece(world: World) -> None:
    models = shortened(world, said="long " * 10_000)
    world.run("summarise", {"parts": 20}, text=PARAGRAPH * 300)
    assert max(map(len, models.asked)) <= PIECE + 2 * TOGETHER


@pytest.mark.parametrize("parts", [1, 2, 20, 50])
def test_the_forecast_holds(world: World, parts: int) -> None:
    models = shortened(world)
    kind = all_kinds()["summarise"]
    (told,) = kind.calls(kind.config.model_validate({"parts": parts}), 0)
    # Paragraphs that fit badly: good cuts would take more parts than the limit.
    world.run("summarise", {"parts": parts}, text=(("y" * 6_100 + "\n\n") * 100)[: PIECE * parts])
    assert told.least == 1
    assert len(models.asked) <= told.most


def test_a_text_beyond_the_limit_asks_no_model(world: World) -> None:
    models = shortened(world)
    with pytest.raises(NodeError, match=r"is 12001 characters long.*12000"):
        world.run("summarise", {"parts": 1}, text="x" * (PIECE + 1))
    with pytest.raises(NodeError, match="is missing"):
        world.run("summarise", text=" ")
    assert models.asked == []


def test_a_model_that_fails_is_told_as_it_is(world: World) -> None:
    shortened(world, fails=True)
    for text in ("short", "x" * PIECE * 3):
        with pytest.raises(ModelError, match="server is away"):
            world.run("summarise", text=text)


@settings(max_examples=200)
@given(st.text(alphabet="ab .\n。，", max_size=400), st.integers(2, 50))
def test_pieces_are_the_text_again(text: str, longest: int) -> None:
    pieces = pieces_of(text, longest)
    assert "".join(pieces) == text
    assert all(0 < len(piece) <= longest for piece in pieces)


def test_pieces_end_where_sentences_do() -> None:
    assert pieces_of("One two three. Four five. Six", 20) == ["One two three. ", "Four five. Six"]
    assert pieces_of("一二三。四五六。七", 8) == ["一二三。四五六。", "七"]
