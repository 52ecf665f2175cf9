"""Another model steps in where the one that plays a role cannot answer: in order, said aloud, and not for ever."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowloom.errors import ModelError, Problem
from flowloom.flow.model import Flow
from flowloom.kinds.services import Afresh
from flowloom.kinds.values import Message, ModelReply, ModelRequest
from flowloom.locales import translate
from flowloom.services.models.facts import facts_of
from flowloom.services.models.fallbacks import PAUSE, REASONS, Outages, line_up
from flowloom.services.models.router import ModelRouter
from flowloom.services.models.settings import PRACTICE, ModelSettings, Provider, load_settings, save_settings
from flowloom.services.secrets import SecretStore
from flowloom.workspace import Workspace
from tests.openai_server import OpenAIServer, Say
from tests.run.test_needs_model import flow_of

NOWHERE = "http://127.0.0.1:9/v1"
"""Where nobody listens."""


@pytest.fixture
def first() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


@pytest.fixture
def second() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        server.default = Say("Second here")
        yield server


def settings_for(*urls: str, key: str = "") -> ModelSettings:
    """Providers a, b, c …; the first plays the default role, the others stand in for it in order."""
    providers = [
        Provider(id=id, kind="compatible", name=id.upper(), base_url=url, models=("m",), secret=key)
        for id, url in zip("abc", urls, strict=False)
    ]
    names = [f"{provider.id}/m" for provider in providers]
    return ModelSettings(
        providers=tuple(providers),
        roles={"default": names[0], "fast": names[0]},
        fallbacks={"default": tuple(names[1:])},
    )


class Asked:
    """A router, and what a person would see of its answers."""

    def __init__(self, folder: Path, settings: ModelSettings) -> None:
        self.secrets = SecretStore(folder)
        if settings.providers[0].secret:
            self.secrets.set(settings.providers[0].secret, "sk-of-the-test-1")
        self.router = ModelRouter(settings, self.secrets, seconds=5.0, retries=0)

    def ask(self, model: str = "default") -> tuple[ModelReply, str]:
        """The reply, and the text as it was shown in the end."""
        shown: list[str] = []

        def show(piece: str) -> None:
            if isinstance(piece, Afresh):
                shown.clear()
            shown.append(piece)

        async def whole() -> ModelReply:
            try:
                request = ModelRequest(model=model, messages=[Message(role="user", text="Hello")])
                return await self.router.reply(request, show)
            finally:
                await self.router.aclose()

        return asyncio.run(whole()), "".join(shown)


CANNOT = {
    "lost its key": (Say(status=401, error={"message": "Invalid key"}), "model.key"),
    "was retired": (Say(status=404, error={"message": "The model was removed"}), "model.unknown"),
    "is overloaded": (Say(status=429, error={"message": "Slow down"}), "model.busy"),
    "has no credit": (Say(status=429, error={"message": "You exceeded your quota"}), "model.quota"),
    "is out of order": (Say(status=503, error={"message": "Maintenance"}), "model.down"),
    "refuses": (Say(status=400, error={"message": "No such parameter: n"}), "model.request"),
    "breaks off": (Say("This is only half", trouble="half"), "model.half"),
    "says nothing": (Say(""), "model.empty"),
    "is a page": (Say(trouble="html"), "model.garbage"),
}


@pytest.mark.parametrize("case", CANNOT)
def test_another_steps_in_and_says_so(first: OpenAIServer, second: OpenAIServer, tmp_path: Path, case: str) -> None:
    said, code = CANNOT[case]
    first.default = said
    reply, shown = Asked(tmp_path, settings_for(first.url, second.url)).ask()
    assert (reply.text, shown) == ("Second here", "Second here")
    (warned,) = reply.warnings
    assert warned.params == {"model": "a/m", "reason": REASONS[code], "other": "b/m"}
    assert warned.severity == "warning"


def test_a_filter_is_not_got_around(first: OpenAIServer, second: OpenAIServer, tmp_path: Path) -> None:
    first.default = Say("I see", finish="content_filter")
    with pytest.raises(ModelError, match="content filter"):
        Asked(tmp_path, settings_for(first.url, second.url)).ask()
    assert not second.requests


def test_who_is_out_is_not_waited_for_again(first: OpenAIServer, second: OpenAIServer, tmp_path: Path) -> None:
    first.default = Say(status=503, error={"message": "Maintenance"})
    asked = Asked(tmp_path, settings_for(first.url, second.url))
    replies = [asked.ask()[0] for _ in range(3)]
    assert (len(first.requests), len(second.requests)) == (1, 3)
    assert replies[0].warnings
    assert all(reply.warnings == replies[0].warnings for reply in replies), "each answer says so"


def test_changed_settings_and_keys_are_tried_at_once(
    first: OpenAIServer, second: OpenAIServer, tmp_path: Path
) -> None:
    first.default = Say(status=401, error={"message": "Invalid key"})
    settings = settings_for(first.url, second.url, key="k")
    asked = Asked(tmp_path, settings)
    asked.ask()
    first.default = Say("First again")
    asked.secrets.set("k", "sk-of-the-test-2")
    reply, _ = asked.ask()
    assert (reply.text, reply.warnings) == ("First again", ())
    first.default = Say(status=401, error={"message": "Invalid key"})
    assert asked.ask()[0].warnings
    first.default = Say("And again")
    asked.router.use(settings.model_copy(update={"prices": {}}))
    assert asked.ask()[0].warnings == ()


def test_the_first_is_asked_again_where_those_who_stand_in_fail_too(
    first: OpenAIServer, second: OpenAIServer, tmp_path: Path
) -> None:
    first.script.append(Say(status=503, error={"message": "Maintenance"}))
    first.default = Say("First again")
    asked = Asked(tmp_path, settings_for(first.url, second.url))
    asked.ask()
    second.default = Say(status=500, error={"message": "Oh no"})
    reply, _ = asked.ask()
    assert (reply.text, reply.warnings) == ("First again", ())


def test_where_nobody_answers_all_reasons_are_told(first: OpenAIServer, tmp_path: Path) -> None:
    first.default = Say(status=401, error={"message": "Invalid key"})
    asked = Asked(tmp_path, settings_for(first.url, NOWHERE))
    with pytest.raises(ModelError) as caught:
        asked.ask()
    said = str(caught.value)
    assert "a/m: its key isn’t accepted; b/m: can’t be reached" in said
    assert "None of 2 models" in said


def test_one_alone_fails_as_ever(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Can’t reach A") as caught:
        Asked(tmp_path, settings_for(NOWHERE)).ask()
    assert caught.value.problem.code == "model.unreachable"


def test_a_model_that_a_block_names_has_nobody_to_stand_in(second: OpenAIServer, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Can’t reach A"):
        Asked(tmp_path, settings_for(NOWHERE, second.url)).ask("a/m")


SETTINGS = ModelSettings(
    roles={"default": "a/m", "fast": "b/m"},
    fallbacks={"default": ("b/m", "a/m", "c/m"), "fast": ("c/m",), "voice": ("a/m",)},
)


@pytest.mark.parametrize(
    ("wanted", "line"),
    [
        ("default", ["a/m", "b/m", "c/m"]),
        ("fast", ["b/m", "c/m"]),
        ("careful", ["a/m", "b/m", "c/m"]),
        ("a/m", ["a/m"]),
        ("voice", [PRACTICE, "a/m"]),
    ],
)
def test_the_line(wanted: str, line: list[str]) -> None:
    assert line_up(SETTINGS, wanted) == line


def test_a_model_is_out_for_a_while(tmp_path: Path) -> None:
    now = 0.0
    outages = Outages(lambda: now)
    for model, code in {"busy": "model.busy", "long": "model.too_long"}.items():
        outages.note(model, Problem.of(code, "…"))
    assert outages.in_turn(["busy", "long", "other"]) == ["long", "other", "busy"]
    now = PAUSE
    assert outages.in_turn(["busy", "long"]) == ["busy", "long"]


def test_where_data_can_go_names_those_who_stand_in() -> None:
    settings = settings_for("https://one.example/v1", "https://two.example/v1")
    facts = facts_of(settings, "default")
    assert [facts.host, *(other.host for other in facts.stand_ins)] == ["one.example", "two.example"]


def test_who_stands_in_is_kept(tmp_path: Path) -> None:
    settings = settings_for("https://one.example/v1", "https://two.example/v1")
    save_settings(tmp_path, settings)
    assert load_settings(tmp_path).fallbacks == {"default": ("b/m",)}


def test_a_run_says_which_model_answered(second: OpenAIServer, home: Workspace) -> None:
    home.models_changed(settings_for(NOWHERE, second.url))
    flow = home.flows.create(flow_of("{{message}}"))
    run = home.runner.start(flow, "Hello", home.runs.new_conversation(flow.id))
    view = home.runner.finished(run)
    assert view.text == "Second here"
    (said,) = view.warnings
    assert (said.code, said.node) == ("model.stood_in", "x")
    assert str(said.describe("fr")).startswith("a/m n’a pas pu répondre (injoignable)")


def test_pictures_are_drawn_by_who_stands_in(first: OpenAIServer, second: OpenAIServer, home: Workspace) -> None:
    settings = settings_for(NOWHERE, second.url)
    roles = {**settings.roles, "pictures": "a/m"}
    home.models_changed(settings.model_copy(update={"roles": roles, "fallbacks": {"pictures": ("b/m",)}}))
    nodes = [
        {"id": "m", "kind": "chat.message"},
        {"id": "x", "kind": "picture.make"},
        {"id": "z", "kind": "chat.answer"},
    ]
    edges = [{"from": "m.message", "to": "x.prompt"}, {"from": "x.picture", "to": "z.files"}]
    flow = home.flows.create(Flow.model_validate({"nodes": nodes, "edges": edges}))
    view = home.runner.finished(home.runner.start(flow, "A fox", home.runs.new_conversation(flow.id)))
    assert view.problem is None
    (said,) = [problem for problem in view.warnings if problem.code == "model.stood_in"]
    assert said.params["other"] == "b/m"


@pytest.mark.parametrize("language", ["zh", "fr"])
def test_each_reason_is_translated(language: str) -> None:
    assert [said for said in REASONS.values() if translate(said, language) == said] == []
