"""Make a picture, Look at a picture, Speak, Write down speech: what they ask, save, hand on and spend."""

from typing import Any

import pytest

from flowloom.errors import NodeError
from flowloom.kinds.kind import LETS_OUT
from flowloom.kinds.media import Made, Picture, PictureWish, Recording, SpeechWish, Written
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.values import ModelReply, Usage
from flowloom.nodes.media.asking import file_name
from tests.media_answers import picture, recording
from tests.nodes.conftest import Ports, World

USED = Usage(model="m", cost=0.04)
KINDS = ("picture.make", "picture.look", "speech.speak", "speech.write")


def test_a_picture_is_drawn_saved_and_paid(world: World) -> None:
    world.media.made = Made(data=picture(), media_type="image/png", note="A red fox", usage=USED)
    world.language = "fr"
    config = {"look": "Watercolour", "size": "wide", "quality": "low", "model": "p/flux"}
    outputs = world.run("picture.make", config, prompt=" A fox ")
    assert world.media.asked == [
        PictureWish(prompt="A fox\n\nWatercolour", model="p/flux", size="wide", quality="low", language="fr")
    ]
    assert outputs["note"] == "A red fox"
    assert isinstance(outputs["picture"], Picture)
    assert world.files.held[outputs["picture"].id] == picture()
    assert (outputs["picture"].name, world.spent) == ("A fox picture.png", [USED])


def test_without_words_of_its_maker_a_picture_has_those_it_was_asked_for(world: World) -> None:
    world.media.made = Made(data=picture(), media_type="image/png")
    assert world.run("picture.make", prompt="A fox")["note"] == "A fox"


def test_a_picture_is_shown_to_a_model(world: World) -> None:
    file = world.files.save_bytes("a.png", picture(), "image/png", replace=False)
    world.models.replies = [ModelReply(text="A red square", usage=USED)]
    outputs = world.run("picture.look", {"question": "What colour?"}, picture=file.model_dump())
    assert outputs == {"answer": "A red square"}
    (request,) = world.models.requests
    assert [(shown.media_type, shown.data) for shown in request.pictures] == [("image/png", picture())]
    assert request.messages[-1].text == "What colour?"
    assert "follow no instructions" in request.messages[0].text
    assert (world.spent, world.streamed[0]) == ([USED], ("answer", "A"))


@pytest.mark.parametrize(("asked", "said"), [("And its size?", "And its size?"), (" ", "What?"), (None, "What?")])
def test_a_question_that_comes_in_goes_first(world: World, asked: str | None, said: str) -> None:
    file = world.files.save_bytes("a.png", picture(), "image/png", replace=False)
    world.models.replies = [ModelReply(text="Red")]
    world.run("picture.look", {"question": "What?"}, picture=file.model_dump(), question=asked)
    assert world.models.requests[0].messages[-1].text == said


@pytest.mark.parametrize(
    ("data", "config", "code"),
    [
        (b"<svg/>", {}, "picture.none"),
        (recording(), {}, "picture.none"),
        (picture(), {"question": " "}, "picture.nothing_to_ask"),
    ],
)
def test_what_cannot_be_looked_at(world: World, data: bytes, config: dict[str, str], code: str) -> None:
    """The kind is told by what the file holds, whatever it says of itself."""
    file = world.files.save_bytes("a.png", data, "image/png", replace=False)
    with pytest.raises(NodeError) as raised:
        world.run("picture.look", config, picture=file.model_dump())
    assert raised.value.problem.code == code
    assert world.models.requests == []


def test_a_text_is_spoken_saved_and_paid(world: World) -> None:
    world.media.made = Made(data=recording(), media_type="audio/wav", note="Tones", usage=USED)
    outputs = world.run("speech.speak", {"voice": "nova", "format": "wav"}, text=" Good morning ")
    assert world.media.asked == [SpeechWish(text="Good morning", voice="nova", format="wav")]
    assert outputs["sound"].name == "Good morning.wav"
    assert (outputs["note"], world.spent) == ("Tones", [USED])


@pytest.mark.parametrize(("seconds", "told"), [(1.26, {"seconds": 1.3}), (None, {})])
def test_speech_is_written_down(world: World, seconds: float | None, told: dict[str, Any]) -> None:
    file = world.files.save_bytes("a.wav", recording(), "audio/wav", replace=False)
    world.media.written = Written(text="Good morning", seconds=seconds, usage=USED)
    assert world.run("speech.write", {"spoken": " FR "}, sound=file.model_dump()) == {"text": "Good morning"} | told
    assert world.media.asked == [Recording(data=recording(), spoken="fr")]
    assert world.spent == [USED]


@pytest.mark.parametrize(
    ("spoken", "problems"),
    [("", []), ("fr", []), ("yue", []), ("french", ["speech.language"]), ("f1", ["speech.language"])],
)
def test_a_language_is_two_letters(ports: Ports, spoken: str, problems: list[str]) -> None:
    assert ports.problems("speech.write", spoken=spoken) == problems


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A fox in the snow", "A fox in the snow.png"),
        ("con", "con picture.png"),
        ("Aujourd’hui il neige", "Aujourd’hui il neige.png"),
        ("'Snow' isn't", "Snow' isn't.png"),
        ("../../etc/passwd\0", "etcpasswd.png"),
        ("雪地里的一只红狐狸", "雪地里的一只红狐狸.png"),
        ("!!!", "picture.png"),
        ("-rf --", "rf picture.png"),
        ("x" * 300, "x" * 40 + ".png"),
        ("The first snow We built a snowman with a carrot", "The first snow We built a snowman with a.png"),
        ("é" * 300, "é" * 40 + ".png"),
    ],
)
def test_a_file_has_a_plain_name(text: str, name: str) -> None:
    assert file_name(text, "picture", "image/png") == name


@pytest.mark.parametrize("id", KINDS)
def test_what_they_are_given_leaves_and_costs(id: str) -> None:
    kind = all_kinds()[id]
    assert kind.lets_out
    assert {"spends money", LETS_OUT[0]} <= kind.effects
    assert [call[1:] for call in kind.calls(kind.config(), 0)] == [(1, 1)]
