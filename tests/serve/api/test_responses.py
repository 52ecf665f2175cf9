"""A published GPT answers OpenAI’s Responses API: alone, in a conversation, piece by piece, later."""

import openai
import pytest

from tests.openai_server import Say
from tests.serve.api.serving import Served


def test_a_whole_response(api: Served) -> None:
    api.model.script.append(Say("A day at the zoo."))
    made = api.client().responses.create(model="trips", input="Hello", metadata={"class": "4b"})
    assert (made.output_text, made.status, made.model) == ("A day at the zoo.", "completed", "trips")
    assert made.usage
    assert made.usage.total_tokens > 0
    assert made.metadata == {"class": "4b"}


def test_a_stream_ends_with_the_whole_response(api: Served) -> None:
    api.model.script.append(Say("A day at the zoo.", per_token=0.05))
    with api.client().responses.stream(model="trips", input="Hello") as stream:
        events = list(stream)
        final = stream.get_final_response()
    deltas = [each.delta for each in events if each.type == "response.output_text.delta"]
    assert len(deltas) > 1
    assert "".join(deltas) == final.output_text == "A day at the zoo."
    assert [each.sequence_number for each in events] == list(range(len(events)))


def test_it_goes_on_after_an_earlier_response(api: Served) -> None:
    client = api.client()
    first = client.responses.create(model="trips", input="I am called Ada")
    second = client.responses.create(model="trips", input="Who am I?", previous_response_id=first.id)
    assert second.previous_response_id == first.id
    sent = [message["content"] for message in api.model.requests[-1].body["messages"]]
    assert sent == ["I am called Ada", first.output_text, "Who am I?"]
    assert client.responses.retrieve(second.id).previous_response_id == first.id


def test_two_answers_to_one_response_do_not_hear_each_other(api: Served) -> None:
    client = api.client()
    first = client.responses.create(model="trips", input="One")
    client.responses.create(model="trips", input="Two", previous_response_id=first.id)
    client.responses.create(model="trips", input="Other", previous_response_id=first.id)
    sent = [message["content"] for message in api.model.requests[-1].body["messages"]]
    assert sent == ["One", first.output_text, "Other"]


def test_it_goes_on_in_a_conversation(api: Served) -> None:
    client = api.client()
    first = client.responses.create(model="trips", input="One")
    assert first.conversation
    client.responses.create(model="trips", input="Two", conversation=first.conversation.id)
    assert len(api.model.requests[-1].body["messages"]) == 3


def test_instructions_are_said_first_and_do_not_take_the_place_of_the_gpt_s(api: Served) -> None:
    api.client().responses.create(model="trips", input="One", instructions="Speak like a pirate")
    sent = api.model.requests[-1].body["messages"]
    assert [(each["role"], each["content"]) for each in sent] == [("user", "Speak like a pirate"), ("user", "One")]


def test_messages_of_models_in_between_are_left_out(api: Served) -> None:
    items = [
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "One"}]},
        {"type": "reasoning", "summary": []},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Two"}]},
        {"role": "user", "content": "Three"},
    ]
    api.client().responses.create(model="trips", input=items)  # type: ignore[arg-type]
    assert [each["content"] for each in api.model.requests[-1].body["messages"]] == ["One", "Two", "Three"]


def test_what_is_not_to_be_stored_is_not_given_out(api: Served) -> None:
    client = api.client()
    made = client.responses.create(model="trips", input="One", store=False)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(made.id)
    with pytest.raises(openai.NotFoundError):
        client.responses.create(model="trips", input="Two", previous_response_id=made.id)


def test_a_deleted_response_is_gone(api: Served) -> None:
    client = api.client()
    made = client.responses.create(model="trips", input="One")
    client.responses.delete(made.id)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(made.id)


def test_another_key_gets_nothing_of_it(api: Served) -> None:
    made = api.client().responses.create(model="trips", input="One")
    other = api.client(api.key_of())
    for ask in (
        lambda: other.responses.retrieve(made.id),
        lambda: other.responses.delete(made.id),
        lambda: other.responses.cancel(made.id),
        lambda: other.responses.create(model="trips", input="x", previous_response_id=made.id),
        lambda: other.responses.create(model="trips", input="x", conversation=made.conversation.id),  # type: ignore[union-attr]
    ):
        with pytest.raises(openai.NotFoundError):
            ask()
    assert api.client().responses.retrieve(made.id).output_text == made.output_text


def test_in_the_background_it_is_fetched_later(api: Served) -> None:
    api.model.script.append(Say("Done at last.", first_token_after=0.3))
    client = api.client()
    made = client.responses.create(model="trips", input="One", background=True)
    assert made.status == "in_progress"
    while (found := client.responses.retrieve(made.id)).status == "in_progress":
        pass
    assert found.output_text == "Done at last."


def test_in_the_background_it_is_stopped(api: Served) -> None:
    api.model.script.append(Say("Never.", first_token_after=60))
    client = api.client()
    made = client.responses.create(model="trips", input="One", background=True)
    assert client.responses.cancel(made.id).status == "cancelled"


def test_a_failed_run_fails_the_stream(api: Served) -> None:
    api.model.script.extend([Say(status=400, error={"message": "secret detail"})] * 5)
    stream = api.client().responses.create(model="trips", input="One", stream=True)
    last = list(stream)[-1]
    assert last.type == "response.failed"
    assert last.response.error
    assert last.response.error.message
