"""Going on from a beginning: some servers take up a last turn of the model, others are told to in words."""

from typing import Any

from flowloom.kinds.values import Message, ModelReply, ModelRequest
from flowloom.services.models.settings import Provider

BY_TURN = frozenset({"local", "compatible", "ollama"})
"""Kinds of servers that go on from a last turn of the model."""
MARKS: dict[str, dict[str, Any]] = {
    "deepseek": {"prefix": True},
    "moonshot": {"partial": True},
    "qwen": {"partial": True},
}
"""What the last turn is marked with, by the id of the provider."""
SETTINGS: dict[str, dict[str, Any]] = {
    "vllm": {"continue_final_message": True, "add_generation_prompt": False},
}
"""What is asked for beside the messages."""
TOLD = (
    "Your answer to the last message has already begun. Go on from exactly where it stops, and write only what "
    "comes next, without repeating it and without a remark. It begins so:\n\n{begun}"
)


def with_beginning(request: ModelRequest, provider: Provider) -> ModelRequest:
    """The request as the provider goes on from a beginning."""
    if not request.begun:
        return request
    if provider.kind in BY_TURN:
        last = Message(role="assistant", text=request.begun)
    else:
        last = Message(role="system", text=TOLD.format(begun=request.begun))
    return request.model_copy(update={"messages": (*request.messages, last)})


def marked(body: dict[str, Any], request: ModelRequest, provider: Provider) -> dict[str, Any]:
    """The body of a request with what the provider wants to go on."""
    if not request.begun or provider.kind not in BY_TURN or body["messages"][-1]["role"] != "assistant":
        return body
    body["messages"][-1] |= MARKS.get(provider.id, {})
    return body | SETTINGS.get(provider.id, {})


def without_beginning(reply: ModelReply, begun: str) -> ModelReply:
    """Only what was added: some give the beginning back as well."""
    if not begun or not reply.text.startswith(begun):
        return reply
    return reply.model_copy(update={"text": reply.text.removeprefix(begun)})
