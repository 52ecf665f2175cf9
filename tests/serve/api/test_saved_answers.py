"""Programs get saved answers through every door, without a model, and are told so beside the answer."""

import base64
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from flowloom.flow.model import SavedAnswer
from tests.loopback import png
from tests.openai_server import Say
from tests.serve.api.serving import APPROVES, CHAT, Served
from tests.serve.api.test_mcp_tools import talk
from tests.serve.api.test_runs import begin, ended, events

QUESTION, ANSWER = "Are you open on Sunday?", "Yes, from 10 to 4."
SAVED = (SavedAnswer(question=QUESTION, answer=ANSWER),)
PICTURE = f"data:image/png;base64,{base64.b64encode(png()).decode()}"
Told = tuple[str, bool | None]
"""What is answered, and what is said of it: None where nothing is."""
Door = Callable[[Served, str], Told]


def by_chat(api: Served, message: str) -> Told:
    made = api.client().chat.completions.create(model="shop", messages=[{"role": "user", "content": message}])
    return made.choices[0].message.content or "", made.flowloom.get("saved_answer")  # type: ignore[attr-defined]


def by_streamed_chat(api: Served, message: str) -> Told:
    asked = [{"role": "user", "content": message}]
    chunks = list(api.client().chat.completions.create(model="shop", messages=asked, stream=True))
    (told,) = [each.flowloom for each in chunks if hasattr(each, "flowloom")]
    return "".join(each.choices[0].delta.content or "" for each in chunks), told.get("saved_answer")


def by_response(api: Served, message: str) -> Told:
    made = api.client().responses.create(model="shop", input=message)
    return made.output_text, made.flowloom.get("saved_answer")  # type: ignore[attr-defined]


def by_streamed_response(api: Served, message: str) -> Told:
    with api.client().responses.stream(model="shop", input=message) as stream:
        text = "".join(each.delta for each in stream if each.type == "response.output_text.delta")
        return text, stream.get_final_response().flowloom.get("saved_answer")  # type: ignore[attr-defined]


def by_response_in_the_background(api: Served, message: str) -> Told:
    client = api.client()
    made = client.responses.create(model="shop", input=message, background=True)
    ended(api, made.id.removeprefix("resp_"))
    found = client.responses.retrieve(made.id)
    return found.output_text, found.flowloom.get("saved_answer")  # type: ignore[attr-defined]


def by_run(api: Served, message: str) -> Told:
    found = ended(api, begin(api, "shop", message=message)["id"])
    return found["text"], found["saved_answer"] or None


def by_events(api: Served, message: str) -> Told:
    told = list(events(api, begin(api, "shop", message=message)["id"]))
    text = "".join(data["text"] for _, name, data in told if name == "text")
    return text, told[-1][2]["saved_answer"] or None


def by_mcp(api: Served, message: str) -> Told:
    async def work(client: Any) -> Any:
        return await client.call_tool("ask", {"message": message})

    found = talk(api, "/mcp/shop", "auto", work)
    return found.content[0].text, found.structured_content["saved_answer"] or None


def by_agent(api: Served, message: str) -> Told:
    said = {"messageId": uuid4().hex, "role": "ROLE_USER", "parts": [{"text": message}]}
    asked = {"jsonrpc": "2.0", "id": 1, "method": "SendMessage", "params": {"message": said}}
    task = api.post("/a2a/shop", asked).json()["result"]["task"]
    return task["artifacts"][0]["parts"][0]["text"], task.get("metadata", {}).get("flowloom", {}).get(
        "saved_answer"
    )


def by_streamed_agent(api: Served, message: str) -> Told:
    said = {"messageId": uuid4().hex, "role": "ROLE_USER", "parts": [{"text": message}]}
    asked = {"jsonrpc": "2.0", "id": 1, "method": "SendStreamingMessage", "params": {"message": said}}
    lines = api.post("/a2a/shop", asked).text.splitlines()
    told = [json.loads(line.removeprefix("data: "))["result"] for line in lines if line.startswith("data: ")]
    pieces = [each["artifactUpdate"]["artifact"]["parts"][0]["text"] for each in told if "artifactUpdate" in each]
    return "".join(pieces), told[-1]["statusUpdate"].get("metadata", {}).get("flowloom", {}).get("saved_answer")


DOORS: list[Door] = [
    by_chat,
    by_streamed_chat,
    by_response,
    by_streamed_response,
    by_response_in_the_background,
    by_run,
    by_events,
    by_mcp,
    by_agent,
    by_streamed_agent,
]


@pytest.fixture(scope="module", autouse=True)
def _published(api: Served) -> None:
    api.publish(CHAT.model_copy(update={"saved_answers": SAVED}), "shop")


@pytest.mark.parametrize("door", DOORS)
def test_who_asks_the_same_gets_it_without_a_model(api: Served, door: Door) -> None:
    assert door(api, "Do you open on Sunday?") == (ANSWER, True)
    assert not api.model.requests


@pytest.mark.parametrize("door", DOORS)
def test_who_asks_something_else_gets_the_model(api: Served, door: Door) -> None:
    api.model.script.append(Say("No."))
    assert door(api, "Are you open on Monday?") == ("No.", None)
    assert len(api.model.requests) == 1


def test_it_takes_no_tokens_and_costs_nothing(api: Served) -> None:
    made = api.client().chat.completions.create(model="shop", messages=[{"role": "user", "content": QUESTION}])
    assert made.usage
    assert made.usage.total_tokens == 0
    assert made.choices[0].finish_reason == "stop"
    run = ended(api, begin(api, "shop", message=QUESTION)["id"])
    assert run["usage"] == {"input_tokens": 0, "output_tokens": 0, "cost": 0.0}


def test_what_is_told_of_it_fits_the_types_of_the_openai_library(api: Served) -> None:
    asked = [{"role": "user", "content": QUESTION}]
    raw = api.client().chat.completions.with_raw_response.create(model="shop", messages=asked)
    # Beside the message, never in it: what clients send back as history does not hold it.
    assert "saved_answer" not in json.dumps(json.loads(raw.text)["choices"])
    kept = raw.parse().choices[0].message.model_dump(exclude_none=True)
    again = api.client().chat.completions.create(
        model="shop", messages=[*asked, kept, {"role": "user", "content": "Thanks"}]
    )
    assert again.choices[0].message.content == "You said: Thanks"


def test_a_message_with_a_picture_goes_to_the_model(api: Served) -> None:
    parts = [{"type": "text", "text": QUESTION}, {"type": "image_url", "image_url": {"url": PICTURE}}]
    made = api.client().chat.completions.create(model="shop", messages=[{"role": "user", "content": parts}])
    assert made.choices[0].message.content != ANSWER
    assert "saved_answer" not in made.flowloom  # type: ignore[attr-defined]


def test_it_is_asked_within_a_conversation_too(api: Served) -> None:
    before = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi"}]
    asked = [*before, {"role": "user", "content": QUESTION}]
    made = api.client().chat.completions.create(model="shop", messages=asked)
    assert made.choices[0].message.content == ANSWER


def test_what_was_saved_after_it_was_published_waits_until_it_is_published_again(api: Served) -> None:
    flow = api.publish(CHAT, "later")
    changed = flow.model_copy(update={"saved_answers": SAVED})
    api.home.flows.save(changed)
    asked: Any = {"model": "later", "messages": [{"role": "user", "content": QUESTION}]}
    assert api.client().chat.completions.create(**asked).choices[0].message.content != ANSWER
    api.home.publications.publish(changed, "later", api.home.publications.find("later").publication.terms)
    assert api.client().chat.completions.create(**asked).choices[0].message.content == ANSWER


def test_where_a_person_is_waited_for_it_is_no_answer(api: Served) -> None:
    api.publish(APPROVES.model_copy(update={"saved_answers": SAVED}), "approves-shop")
    run = begin(api, "approves-shop", message="Spend 5?")
    ended(api, run["id"], "waiting")
    again = api.post(
        "/v1/runs", {"model": "approves-shop", "message": QUESTION, "conversation": run["conversation"]}
    )
    assert again.status_code != 202 or ended(api, again.json()["id"], "waiting")["text"] != ANSWER


def test_the_document_of_the_api_names_it(api: Served) -> None:
    schemas = api.get("/v1/openapi.json").json()["components"]["schemas"]
    assert schemas["Run"]["properties"]["saved_answer"] == {"type": "boolean"}
