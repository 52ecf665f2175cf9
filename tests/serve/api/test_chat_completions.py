"""A published GPT answers as a model of OpenAI’s chat API, whole and piece by piece."""

import openai
import pytest

from tests.openai_server import Say
from tests.serve.api.serving import Served

HELLO = [{"role": "user", "content": "Hello"}]


def test_the_openai_library_gets_a_whole_answer(api: Served) -> None:
    api.model.script.append(Say("A day at the zoo."))
    made = api.client().chat.completions.create(model="trips", messages=HELLO, temperature=0.3)
    assert made.choices[0].message.content == "A day at the zoo."
    assert (made.choices[0].finish_reason, made.model, made.object) == ("stop", "trips", "chat.completion")
    assert made.usage
    assert made.usage.total_tokens == made.usage.prompt_tokens + made.usage.completion_tokens > 0


def test_it_gets_the_answer_piece_by_piece_with_usage(api: Served) -> None:
    api.model.script.append(Say("A day at the zoo.", per_token=0.05))
    stream = api.client().chat.completions.create(
        model="trips", messages=HELLO, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    pieces = [
        chunk.choices[0].delta.content for chunk in chunks if chunk.choices and chunk.choices[0].delta.content
    ]
    assert len(pieces) > 1
    assert "".join(pieces) == "A day at the zoo."
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert chunks[-1].usage
    assert chunks[-1].usage.total_tokens > 0


@pytest.mark.parametrize("stream", [True, False])
def test_a_wrong_key_is_refused_in_openai_s_shape(api: Served, stream: bool) -> None:
    with pytest.raises(openai.AuthenticationError) as refused:
        api.client("fl_wrong").chat.completions.create(model="trips", messages=HELLO, stream=stream)
    assert refused.value.code == "api.key.wrong"
    assert "isn’t known here" in refused.value.message
    assert not api.model.requests
