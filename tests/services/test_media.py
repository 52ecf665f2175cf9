"""Pictures and voices from a real server on loopback: what arrives there, what comes back, what goes wrong."""

import asyncio
import base64
import gzip
import time
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from flowloom.errors import ModelError
from flowloom.kinds.media import PictureWish, Recording, SpeechWish
from flowloom.services.media import openai_media
from flowloom.services.media.open_media import OpenMedia
from flowloom.services.models.router import ModelRouter
from flowloom.services.models.settings import ModelSettings, Price, Provider, ProviderKind
from flowloom.services.secrets import SecretStore
from tests.media_answers import Sent, drawn, picture, recording
from tests.openai_server import OpenAIServer

KEY = "sk-very-secret-123456"
FOX = PictureWish(prompt="A fox", model="p/m")


@pytest.fixture(scope="module")
def running() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


@pytest.fixture
def server(running: OpenAIServer) -> OpenAIServer:
    running.media.clear()
    running.places.clear()
    running.requests.clear()
    return running


def media_of(
    server: OpenAIServer, folder: Path, kind: ProviderKind = "compatible", seconds: float = 10.0, **settings: Any
) -> OpenMedia:
    secrets = SecretStore(folder)
    secrets.set("key", KEY)
    provider = Provider(id="p", kind=kind, name="Vendor", base_url=server.url, secret="key")
    models = ModelRouter(ModelSettings(providers=(provider,), **settings), secrets)
    return OpenMedia(models, secrets, seconds=seconds)


@pytest.fixture
def media(server: OpenAIServer, tmp_path: Path) -> OpenMedia:
    return media_of(server, tmp_path)


def done(question: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(question)


# -- what is asked, and what comes of it


@pytest.mark.parametrize(
    ("model", "wish", "body"),
    [
        ("gpt-image-1", {}, {"size": "1024x1024"}),
        ("gpt-image-1", {"size": "wide", "quality": "low"}, {"size": "1536x1024", "quality": "low"}),
        ("dall-e-3", {"size": "tall", "quality": "high"}, {"size": "1024x1792", "response_format": "b64_json"}),
        ("flux", {}, {"size": "1024x1024", "response_format": "b64_json"}),
    ],
)
def test_a_picture_is_asked_for_as_its_model_wants(
    media: OpenMedia, server: OpenAIServer, model: str, wish: dict[str, str], body: dict[str, str]
) -> None:
    made = done(media.draw(PictureWish(prompt="A fox", model=f"p/{model}", **wish)))
    assert (made.data, made.media_type) == (picture(), "image/png")
    (request,) = server.requests
    assert request.body == {"model": model, "prompt": "A fox", "n": 1} | body
    assert request.headers["authorization"] == f"Bearer {KEY}"


def test_what_a_server_refuses_is_left_out(media: OpenMedia, server: OpenAIServer) -> None:
    for name in ("response_format", "size"):
        server.media.append(Sent({"error": {"message": f"Unknown parameter: '{name}'."}}, 400))
    assert done(media.draw(FOX)).media_type == "image/png"
    assert [sorted(request.body) for request in server.requests][-1] == ["model", "n", "prompt"]


def test_a_picture_may_lie_elsewhere(media: OpenMedia, server: OpenAIServer) -> None:
    server.places["/made/fox.png"] = Sent(picture(kind="JPEG"), kind="image/jpeg")
    server.media.append(Sent({"data": [{"url": f"{server.root}/made/fox.png", "revised_prompt": "A red fox"}]}))
    made = done(media.draw(FOX))
    assert (made.media_type, made.note) == ("image/jpeg", "A red fox")
    assert "authorization" not in server.requests[-1].headers


LETTERS = base64.encodebytes(picture()).decode()


@pytest.mark.parametrize(
    "data",
    [
        {"b64_json": LETTERS},
        {"b64_json": f"data:image/png;base64,{LETTERS}"},
        {"url": f"data:image/png;base64,{LETTERS}"},
    ],
)
def test_a_picture_may_come_in_letters_of_any_dress(
    media: OpenMedia, server: OpenAIServer, data: dict[str, str]
) -> None:
    server.media.append(Sent({"data": [data]}))
    assert done(media.draw(FOX)).data == picture()


@pytest.mark.parametrize("url", ["http://127.0.0.2:9/a.png", "http://169.254.169.254/meta", "file:///etc/passwd"])
def test_it_may_not_lie_on_this_network(media: OpenMedia, server: OpenAIServer, url: str) -> None:
    server.media.append(Sent({"data": [{"url": url}]}))
    with pytest.raises(ModelError, match=r"local network|address"):
        done(media.draw(FOX))


@pytest.mark.parametrize(("format", "asked"), [("mp3", "mp3"), ("wav", "wav"), ("ogg", "opus"), ("flac", "flac")])
def test_a_text_is_spoken(media: OpenMedia, server: OpenAIServer, format: Any, asked: str) -> None:
    made = done(media.speak(SpeechWish(text="Good morning", model="p/tts", voice=" nova ", format=format)))
    assert made.media_type == {"mp3": "audio/mpeg"}.get(format, f"audio/{format}")
    assert server.requests[0].body == {
        "model": "tts",
        "input": "Good morning",
        "voice": "nova",
        "response_format": asked,
    }


def test_speech_is_written_down(media: OpenMedia, server: OpenAIServer) -> None:
    sound = recording(1.5)
    written = done(media.write_down(Recording(data=sound, model="p/whisper", spoken="fr")))
    assert (written.text, written.seconds) == ("Good morning from the recording.", 1.5)
    body = server.requests[0].body
    assert body["file"] == {"name": "recording.wav", "kind": "audio/wav", "data": sound}
    assert (body["model"], body["language"], body["response_format"]) == ("whisper", "fr", "json")


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [("Hello", ()), ("hate and violence", ("hate", "violence")), ("x" * 9_000 + "hate", ("hate",))],
)
def test_a_text_is_judged(media: OpenMedia, text: str, unwanted: tuple[str, ...]) -> None:
    assert done(media.judge(text, "p/omni")).unwanted == unwanted


def test_a_flag_without_a_name_counts(media: OpenMedia, server: OpenAIServer) -> None:
    server.media.append(Sent({"results": [{"flagged": True}]}))
    assert done(media.judge("Hm", "p/omni")).unwanted == ("unwanted",)


# -- what it costs

IMAGE_15 = {"input_tokens": 20, "output_tokens": 1000, "total_tokens": 1020}


@pytest.mark.parametrize(
    ("kind", "model", "usage", "cost"),
    [
        ("openai", "gpt-image-1", IMAGE_15, 0.0401),
        ("openai", "gpt-image-1.5", IMAGE_15, 0.0321),  # what it writes is dearer as a picture than as text
        ("openai", "gpt-image-1", None, None),
        ("openai", "dall-e-3", None, None),
        ("openai", "a-model-of-tomorrow", IMAGE_15, None),
        ("compatible", "gpt-image-1", IMAGE_15, None),
        ("compatible", "priced", IMAGE_15, 0.00204),
        ("openai", "gpt-image-1", {"input_tokens": -5, "output_tokens": "many"}, None),
    ],
)
def test_a_picture_costs_what_is_known_or_unknown(
    server: OpenAIServer, tmp_path: Path, kind: ProviderKind, model: str, usage: Any, cost: float | None
) -> None:
    media = media_of(server, tmp_path, kind, prices={"priced": Price(input=2, output=2)})
    server.media.append(Sent(drawn(picture(), usage=usage)))
    found = done(media.draw(PictureWish(prompt="A fox", model=f"p/{model}"))).usage
    assert found.cost == (None if cost is None else pytest.approx(cost))
    assert found.model == model


@pytest.mark.parametrize(("model", "cost"), [("tts-1", 0.015), ("gpt-4o-mini-tts", None), ("whatever", None)])
def test_a_voice_costs_what_is_known(server: OpenAIServer, tmp_path: Path, model: str, cost: float | None) -> None:
    media = media_of(server, tmp_path, "openai")
    assert done(media.speak(SpeechWish(text="x" * 1000, model=f"p/{model}"))).usage.cost == cost


@pytest.mark.parametrize(
    ("model", "usage", "cost"),
    [
        ("whisper-1", {"type": "duration", "seconds": 60}, 0.006),
        ("whisper-1", None, None),
        (
            "gpt-4o-transcribe",
            {
                "type": "tokens",
                "input_tokens": 100,
                "output_tokens": 10,
                "total_tokens": 110,
                "input_token_details": {"audio_tokens": 90, "text_tokens": 10},
            },
            0.000665,
        ),
    ],
)
def test_hearing_costs_what_is_known(
    server: OpenAIServer, tmp_path: Path, model: str, usage: Any, cost: float | None
) -> None:
    server.media.append(Sent({"text": "Hello", "usage": usage}))
    media = media_of(server, tmp_path, "openai")
    found = done(media.write_down(Recording(data=recording(), model=f"p/{model}"))).usage.cost
    assert found == (None if cost is None else pytest.approx(cost))


def test_moderation_is_free_at_openai_and_unknown_elsewhere(server: OpenAIServer, tmp_path: Path) -> None:
    costs = [
        done(media_of(server, tmp_path, kind).judge("Hi", "p/m")).usage.cost for kind in ("openai", "compatible")
    ]
    assert costs == [0.0, None]


# -- who is asked


@pytest.mark.parametrize(
    ("roles", "asked"),
    [({}, "gpt-image-1"), ({"pictures": "p/flux"}, "flux"), ({"pictures": "practice/practice"}, None)],
)
def test_openai_draws_unless_another_is_chosen(
    server: OpenAIServer, tmp_path: Path, roles: dict[str, str], asked: str | None
) -> None:
    made = done(media_of(server, tmp_path, "openai", roles=roles).draw(PictureWish(prompt="A fox")))
    assert [request.body["model"] for request in server.requests] == ([asked] if asked else [])
    assert ("practice" in made.note) == (asked is None)


def test_where_nobody_is_set_up_it_is_practice(tmp_path: Path) -> None:
    secrets = SecretStore(tmp_path)
    media = OpenMedia(ModelRouter(ModelSettings(), secrets), secrets)
    assert not media.speaks()
    assert not media.hears()
    assert "practice" in done(media.draw(PictureWish(prompt="A fox"))).note
    with pytest.raises(ModelError, match="needs an OpenAI key"):
        done(media.judge("Hi", "moderation"))


@pytest.mark.parametrize(
    ("kind", "secret", "speaks"),
    [
        ("openai", "key", True),
        ("openai", "gone", False),
        ("openai", "", False),
        ("compatible", "", True),
        ("compatible", "gone", False),
        ("anthropic", "key", False),
    ],
)
def test_a_voice_is_set_up_once_it_can_be_asked(
    tmp_path: Path, kind: ProviderKind, secret: str, speaks: bool
) -> None:
    secrets = SecretStore(tmp_path)
    secrets.set("key", KEY)
    provider = Provider(id="p", kind=kind, base_url="http://127.0.0.1:9", secret=secret)
    settings = ModelSettings(providers=(provider,), roles={"voice": "p/tts", "hearing": "p/whisper"})
    media = OpenMedia(ModelRouter(settings, secrets), secrets)
    assert (media.speaks(), media.hears()) == (speaks, speaks)


def test_without_a_key_nothing_is_sent(server: OpenAIServer, tmp_path: Path) -> None:
    secrets = SecretStore(tmp_path)
    provider = Provider(id="p", kind="openai", base_url=server.url, secret="gone")
    media = OpenMedia(ModelRouter(ModelSettings(providers=(provider,)), secrets), secrets)
    with pytest.raises(ModelError, match="There is no key"):
        done(media.draw(FOX))
    assert server.requests == []


def test_who_cannot_draw_says_so(tmp_path: Path) -> None:
    secrets = SecretStore(tmp_path)
    provider = Provider(id="p", kind="anthropic", name="Claude")
    media = OpenMedia(ModelRouter(ModelSettings(providers=(provider,)), secrets), secrets)
    with pytest.raises(ModelError, match="Claude doesn’t offer images"):
        done(media.draw(FOX))


# -- every way it can go wrong

BOMB = picture((8_000, 8_000), mode="1", colour=1)
TORN = picture((400, 400))[:-500]
HTML = Sent(b"<html>Welcome!</html>", kind="text/html")
REFUSED = {"code": "moderation_blocked", "message": "Your request was rejected by the safety system."}
BAD_PICTURES = {
    "a page": (HTML, "isn’t a model server"),
    "a page that says it is JSON": (Sent(b"<html>Welcome!</html>"), "isn’t a model server"),
    "JSON of another kind": (Sent({"hello": 1}), "isn’t a model server"),
    "no picture": (Sent({"data": []}), "isn’t a model server"),
    "an empty one": (Sent({"data": [{"b64_json": ""}]}), "isn’t a model server"),
    "letters that are no base64": (Sent({"data": [{"b64_json": "###"}]}), "a picture that can’t be shown"),
    "a text for a picture": (Sent(drawn(b"<svg onload='x'/>")), "a picture that can’t be shown"),
    "half a picture": (Sent(drawn(TORN)), "a picture that can’t be shown"),
    "a small file of many points": (Sent(drawn(BOMB)), "a picture that can’t be shown"),
    "one that unpacks to more": (
        Sent(gzip.compress(b" " * 1_000_000), headers={"Content-Encoding": "gzip"}),
        "sent a file that is too large",
    ),
    "without end": (Sent(b"{", how="endless"), "sent a file that is too large"),
    "an error without end": (Sent(b"{", 500, how="endless"), "sent a file that is too large"),
    "against the rules": (Sent({"error": REFUSED}, 400), "against its rules"),
    "a wrong key": (Sent({"error": {"message": f"Incorrect key {KEY}"}}, 401), "doesn’t accept the key"),
    "a model nobody knows": (Sent({"error": {"message": "no such model"}}, 404), "or its address is wrong"),
    "no credit": (Sent({"error": {"message": "quota exceeded"}}, 429), "credit"),
    "a server in trouble": (Sent({"error": {"message": "oops"}}, 503), "has a problem"),
    "sent elsewhere": (
        Sent(b"", 307, headers={"Location": "http://169.254.169.254/"}),
        "isn’t a model server",
    ),
    "something odd": (Sent({"error": {"message": f"odd {KEY}"}}, 400), "rejected the request"),
}


@pytest.mark.parametrize("name", BAD_PICTURES)
def test_a_bad_answer_is_a_clear_sentence(media: OpenMedia, server: OpenAIServer, name: str) -> None:
    sent, said = BAD_PICTURES[name]
    server.media.append(sent)
    with pytest.raises(ModelError, match=said) as raised:
        done(media.draw(FOX))
    assert raised.value.problem.hint
    assert KEY not in str(raised.value)
    assert len(server.requests) == 1  # what costs money is asked for once


@pytest.mark.parametrize("how", ["images", "url"])
def test_a_server_that_answers_slowly_for_ever_is_left(server: OpenAIServer, tmp_path: Path, how: str) -> None:
    slow = Sent(b"{", how="slow")
    if how == "url":
        server.places["/fox.png"] = slow
        slow = Sent({"data": [{"url": f"{server.root}/fox.png"}]})
    server.media.append(slow)
    began = time.perf_counter()
    with pytest.raises(ModelError, match=r"didn’t (finish|answer) within 0.5 seconds"):
        done(media_of(server, tmp_path, seconds=0.5).draw(FOX))
    assert time.perf_counter() - began < 5


def test_a_picture_elsewhere_may_not_be_larger(media: OpenMedia, server: OpenAIServer, monkeypatch: Any) -> None:
    monkeypatch.setattr(openai_media.pictures, "MAX_BYTES", 1_000)
    server.places["/fox.png"] = Sent(picture() + b"\0" * 2_000, kind="image/png")
    server.media.append(Sent({"data": [{"url": f"{server.root}/fox.png"}]}))
    with pytest.raises(ModelError, match="sent a file that is too large"):
        done(media.draw(FOX))


BAD_SOUNDS = {
    "a voice it does not have": (Sent({"error": {"message": "Invalid value for 'voice'"}}, 400), "this voice"),
    "a page": (HTML, "returned audio that can’t be played"),
    "nothing": (Sent(b"", kind="audio/mpeg"), "returned audio that can’t be played"),
    "a picture": (Sent(picture(), kind="audio/mpeg"), "returned audio that can’t be played"),
    "without end": (
        Sent(b"ID3", kind="audio/mpeg", how="endless"),
        "sent a file that is too large",
    ),
    "too large": (Sent({"error": {"message": "Maximum content size limit exceeded"}}, 413), "too large"),
}


@pytest.mark.parametrize("name", BAD_SOUNDS)
def test_a_bad_sound_is_a_clear_sentence(media: OpenMedia, server: OpenAIServer, name: str) -> None:
    sent, said = BAD_SOUNDS[name]
    server.media.append(sent)
    with pytest.raises(ModelError, match=said):
        done(media.speak(SpeechWish(text="Hello", model="p/tts")))


BAD_HEARING = {
    "a page": (HTML, "isn’t a model server"),
    "no text": (Sent({"words": []}), "isn’t a model server"),
    "a format it cannot read": (
        Sent({"error": {"message": "Invalid file format."}}, 400),
        "can’t read this recording",
    ),
    "too large": (Sent({"error": {"message": "too big"}}, 413), "too large"),
}


@pytest.mark.parametrize("name", BAD_HEARING)
def test_bad_hearing_is_a_clear_sentence(media: OpenMedia, server: OpenAIServer, name: str) -> None:
    sent, said = BAD_HEARING[name]
    server.media.append(sent)
    with pytest.raises(ModelError, match=said):
        done(media.write_down(Recording(data=recording(), model="p/whisper")))


@pytest.mark.parametrize("sent", [HTML, Sent({"results": []}), Sent({"results": "fine"})])
def test_a_judgement_that_cannot_be_read_is_none(media: OpenMedia, server: OpenAIServer, sent: Sent) -> None:
    server.media.append(sent)
    with pytest.raises(ModelError, match="isn’t a model server"):
        done(media.judge("Hello", "p/omni"))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (lambda media: media.draw(PictureWish(prompt="  ", model="p/m")), "There is no description to draw from"),
        (lambda media: media.speak(SpeechWish(text=" ", model="p/m")), "There is no text to speak"),
        (
            lambda media: media.speak(SpeechWish(text="x" * 5_000, model="p/m")),
            "maximum for text to speech is 4000",
        ),
        (lambda media: media.write_down(Recording(data=b"%PDF-1.7", model="p/m")), "This file isn’t a recording"),
        (
            lambda media: media.write_down(Recording(data=b"ID3" + b"0" * 26_300_000, model="p/m")),
            "larger than 25 MB",
        ),
        (lambda media: media.draw(PictureWish(prompt="A fox", model="gone/m")), "isn’t set up"),
    ],
)
def test_what_cannot_be_asked_is_not_sent(media: OpenMedia, server: OpenAIServer, question: Any, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        done(question(media))
    assert server.requests == []


def test_a_key_told_back_in_words_is_taken_out(media: OpenMedia, server: OpenAIServer) -> None:
    server.media.append(
        Sent(
            drawn(picture()) | {"data": [{"b64_json": base64.b64encode(picture()).decode(), "revised_prompt": KEY}]}
        )
    )
    assert KEY not in done(media.draw(FOX)).note
    server.media.append(Sent({"text": f"My key is {KEY}"}))
    assert KEY not in done(media.write_down(Recording(data=recording(), model="p/m"))).text
