"""A model improves a prompt, and keeps its names or is refused."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowloom.errors import ModelError
from flowloom.services.models.improve import improve, is_real
from flowloom.services.models.settings import ModelSettings
from tests.openai_server import OpenAIServer, Say
from tests.services.test_openai_chat import KEY, router_for

PROMPT = "Anser {{question}} with {{ passages }}"


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as found:
        yield found


def improved(server: OpenAIServer, folder: Path, say: Say, prompt: str = PROMPT, wish: str = "") -> str:
    server.script.append(say)
    router = router_for(server.url, folder)

    async def whole() -> str:
        try:
            return await improve(router, prompt, "default", wish)
        finally:
            await router.aclose()

    return asyncio.run(whole())


GOOD = "Use {{passages}} to answer {{question}}."


@pytest.mark.parametrize(
    "said", [GOOD, f"\n{GOOD}\n", f"```\n{GOOD}\n```", f"```text\n{GOOD}\n```", f"<prompt>\n{GOOD}\n</prompt>"]
)
def test_the_new_text_comes_alone(server: OpenAIServer, tmp_path: Path, said: str) -> None:
    assert improved(server, tmp_path, Say(said)) == GOOD


def test_the_model_reads_the_prompt_and_the_wish(server: OpenAIServer, tmp_path: Path) -> None:
    improved(server, tmp_path, Say(GOOD), wish="Shorter")
    asked = server.requests[-1].body["messages"][-1]["content"]
    assert PROMPT in asked
    assert asked.endswith("What should be better: Shorter")


@pytest.mark.parametrize(
    ("said", "code", "name"),
    [
        ("Answer {{question}}.", "model.improve_lost", "{{passages}}"),
        (GOOD + " {{tone}}", "model.improve_invented", "{{tone}}"),
        (GOOD.replace("question", "Question"), "model.improve_lost", "{{question}}"),
        ("```\n\n```", "model.improve_empty", ""),
    ],
)
def test_a_text_with_other_names_is_refused(
    server: OpenAIServer, tmp_path: Path, said: str, code: str, name: str
) -> None:
    with pytest.raises(ModelError) as refused:
        improved(server, tmp_path, Say(said))
    assert refused.value.problem.code == code
    assert name in str(refused.value)


def test_statements_of_a_template_are_kept(server: OpenAIServer, tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        improved(server, tmp_path, Say("Hello {{a}}"), prompt="{% if a %}Hi {{a}}{% endif %}")


@pytest.mark.parametrize("status", [401, 429, 500])
def test_a_failure_tells_no_key(server: OpenAIServer, tmp_path: Path, status: int) -> None:
    with pytest.raises(ModelError) as failed:
        improved(server, tmp_path, Say(status=status, error={"message": f"bad key {KEY}"}))
    assert KEY not in str(failed.value) + repr(failed.value.problem)
    assert failed.value.__cause__ is None or KEY not in repr(failed.value.__cause__)


def test_the_practice_model_is_not_real(server: OpenAIServer, tmp_path: Path) -> None:
    assert not is_real(ModelSettings(), "default")
    assert is_real(router_for(server.url, tmp_path).settings, "default")
