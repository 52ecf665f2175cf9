"""Speaking to a GPT and having it speak: when there is a microphone, what becomes of speech, and the button."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from tests.media_answers import Sent, picture, recording
from tests.openai_server import OpenAIServer
from tests.ui.test_pages import chat_page, open_page

from flowloom.flow.model import Flow
from flowloom.services.models.settings import ModelSettings, Provider
from flowloom.store.templates import templates
from flowloom.ui.chat.message_files import take
from flowloom.ui.chat.voice import spoken_words, takes_speech
from flowloom.workspace import Workspace

BY_ID = {template.id: template for template in templates()}


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as found:
        yield found


@pytest.fixture
def voiced(home: Workspace, server: OpenAIServer) -> Workspace:
    provider = Provider(id="p", kind="compatible", base_url=server.url, models=("tts", "whisper"))
    roles = {"default": "practice/practice", "voice": "p/tts", "hearing": "p/whisper"}
    home.models_changed(ModelSettings(providers=(provider,), roles=roles))
    return home


def file_of(name: str, data: bytes, kind: str = "") -> SimpleNamespace:
    return SimpleNamespace(name=name, size=len(data), type=kind, getvalue=lambda: data)


def said(text: str = "", *files: Any, audio: bytes | None = None) -> SimpleNamespace:
    spoken = file_of("audio.wav", audio, "audio/wav") if audio else None
    return SimpleNamespace(text=text, files=list(files), audio=spoken)


def test_a_microphone_is_there_where_somebody_listens(home: Workspace) -> None:
    assert takes_speech(BY_ID["picture-diary"].flow)
    assert not takes_speech(BY_ID["translator"].flow)
    assert not takes_speech(Flow())


def test_with_a_model_that_hears_it_is_there_for_every_gpt(voiced: Workspace) -> None:
    assert takes_speech(BY_ID["translator"].flow)


def test_a_block_that_listens_gets_the_recording_as_it_is(voiced: Workspace, server: OpenAIServer) -> None:
    flow = voiced.intake.create_from_template(BY_ID["picture-diary"])
    taken = take(flow, voiced.runs.new_conversation(flow.id), said(audio=recording()))
    assert (taken.text, [file.media_type for file in taken.files]) == ("", ["audio/wav"])
    assert server.requests == []


@pytest.mark.parametrize(("typed", "message"), [("", "Good morning from the recording."), ("Typed", "Typed")])
def test_else_what_was_said_is_the_message(
    voiced: Workspace, server: OpenAIServer, typed: str, message: str
) -> None:
    flow = voiced.intake.create_from_template(BY_ID["translator"])
    taken = take(flow, voiced.runs.new_conversation(flow.id), said(typed, audio=recording()))
    assert (taken.text, len(taken.files), taken.problems) == (message, 1, [])
    assert len(server.requests) == (0 if typed else 1)


def test_a_recording_nobody_can_write_down_is_told(voiced: Workspace, server: OpenAIServer) -> None:
    server.media.append(Sent({"error": {"message": "no"}}, 401))
    flow = voiced.intake.create_from_template(BY_ID["translator"])
    taken = take(flow, voiced.runs.new_conversation(flow.id), said(audio=recording()))
    assert "doesn’t accept the key" in str(taken.problems[0])
    assert taken.files == ()


@pytest.mark.parametrize(
    ("name", "data", "wrong"),
    [
        ("a.txt", b"bees", ""),
        ("photo", picture(), ""),
        ("voice.bin", recording(), ""),
        ("a.exe", b"MZ\0\0\0", "cannot be read"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "a picture that can"),
    ],
)
def test_files_are_taken_by_what_they_hold(home: Workspace, name: str, data: bytes, wrong: str) -> None:
    flow = home.flows.create(Flow())
    taken = take(flow, home.runs.new_conversation(flow.id), said("Hi", file_of(name, data)))
    assert len(taken.files) == (0 if wrong else 1)
    assert bool(taken.problems) == bool(wrong)


@pytest.mark.parametrize("name", ["a.mp3", "a.WAV", "b.m4a"])
def test_a_huge_recording_is_refused_unread(home: Workspace, name: str) -> None:
    huge = SimpleNamespace(name=name, size=60_000_000, type="")
    taken = take(home.flows.create(Flow()), "any", said("Hi", huge))
    assert "larger than 25 MB" in str(taken.problems[0])


def buttons(app: AppTest) -> list[str]:
    return [button.label for button in app.button if button.label == "Read aloud"]


def test_without_a_voice_there_is_no_button(home: Workspace) -> None:
    assert buttons(answered(home)) == []


def answered(home: Workspace) -> AppTest:
    flow = home.intake.create_from_template(BY_ID["translator"])
    conversation = home.runs.new_conversation(flow.id)
    home.runner.finished(home.runner.start(flow, "Where is the hotel?", conversation))
    return open_page(chat_page, gpt=flow.id)


def test_an_answer_is_read_aloud_once_and_kept(voiced: Workspace, server: OpenAIServer) -> None:
    app = answered(voiced)
    next(button for button in app.button if button.label == "Read aloud").click().run()
    assert not app.exception
    (request,) = server.requests
    assert request.body["input"].startswith("Which language shall I translate into?")
    assert len(app.get("audio")) == 1
    assert buttons(app.run()) == []
    again = open_page(chat_page, gpt=voiced.flows.entries()[0].id)
    assert len(again.get("audio")) == 1
    assert len(server.requests) == 1


def test_a_voice_that_fails_says_why_and_may_be_asked_again(voiced: Workspace, server: OpenAIServer) -> None:
    server.media.append(Sent({"error": {"message": "quota exceeded"}}, 429))
    app = answered(voiced)
    next(button for button in app.button if button.label == "Read aloud").click().run()
    assert "credit" in app.error[0].value
    assert buttons(app) == ["Read aloud"]
    assert len(app.get("audio")) == 0


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("# Title\n\n**Bold** and `code` [1].", "Title\nBold and code ."),
        ("See [the page](https://a.example/x).", "See the page."),
        ("Run:\n\n```python\nprint(1)\n```\n\nDone.", "Run:\nDone."),
        ("- one\n- two", "one\ntwo"),
        ("", ""),
        ("Hi. " * 2_000, ("Hi. " * 1_000).strip()),
        ("x" * 5_000, "x" * 4_000),
    ],
)
def test_words_are_spoken_without_marks(markdown: str, words: str) -> None:
    assert spoken_words(markdown) == words


def test_a_spent_month_hears_nobody(voiced: Workspace, server: OpenAIServer) -> None:
    flow = voiced.intake.create_from_template(BY_ID["translator"])
    settings = voiced.models.settings
    voiced.models_changed(settings.model_copy(update={"monthly": {flow.id: 0.5}}))
    voiced.spending.add(flow.id, 0.5)
    taken = take(flow, voiced.runs.new_conversation(flow.id), said(audio=recording()))
    assert [problem.code for problem in taken.problems] == ["budget.month"]
    assert server.requests == []
