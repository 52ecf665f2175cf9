"""What a program sends as a conversation, read as a message with its files and what was said before."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flowloom.errors import Problem
from flowloom.kinds.values import Attachment
from flowloom.serve.api.errors import ApiError
from flowloom.store.runs import RunStore

MOST_MESSAGES = 2_000
MOST_FILES = 20
SAYS = {"user": "user", "assistant": "assistant", "system": "user", "developer": "user"}
"""Who says a message, by its role. What a program says of itself does not outrank the GPT’s own instructions."""
TEXTS = ("text", "input_text", "output_text", "refusal")


class SentFile(NamedTuple):
    """A file inside a message."""

    name: str
    media_type: str
    data: bytes


class Said(NamedTuple):
    """One message; `role` is `user` or `assistant`."""

    role: str
    text: str
    files: tuple[SentFile, ...] = ()


class Asked(NamedTuple):
    """What is asked now, and what was said before."""

    message: Said
    before: tuple[Said, ...] = ()

    def keep(self, runs: RunStore, conversation: str) -> tuple[Attachment, ...]:
        """Put what was said before into a new conversation; the files of the message. Raises KnowledgeError."""
        for said in self.before:
            files = _kept(runs, conversation, said.files)
            runs.add_turn(conversation, said.role, said.text, attachments=files)
        return _kept(runs, conversation, self.message.files)


def _kept(runs: RunStore, conversation: str, files: Sequence[SentFile]) -> tuple[Attachment, ...]:
    return tuple(runs.save_attachment(conversation, *file) for file in files)


def read_messages(found: Any, param: str = "messages") -> Asked:
    """The messages of a call. Raises ApiError that names the one which is wrong."""
    if not isinstance(found, list) or not found:
        raise wrong(NO_MESSAGES, param)
    if len(found) > MOST_MESSAGES:
        raise wrong(TOO_MANY, param)
    said = [each for number, message in enumerate(found) if (each := _read(message, f"{param}[{number}]"))]
    if not said or said[-1].role != "user":
        raise wrong(NOT_USER, param)
    if sum(len(each.files) for each in said) > MOST_FILES:
        raise wrong(TOO_MANY_FILES, param)
    return Asked(said[-1], tuple(said[:-1]))


def _read(message: Any, place: str) -> Said | None:
    """A message; None for calls of tools and their results, which a GPT does by itself."""
    if not isinstance(message, Mapping):
        raise wrong(NO_OBJECT, place)
    role = message.get("role")
    if role in ("tool", "function"):
        return None
    if not isinstance(role, str) or role not in SAYS:
        raise wrong(UNKNOWN_ROLE, f"{place}.role")
    text, files = _content(message.get("content"), f"{place}.content")
    if role == "assistant" and not text:
        return None
    if not text and not files:
        raise wrong(EMPTY, f"{place}.content")
    return Said(SAYS[role], text, files)


def _content(content: Any, place: str) -> tuple[str, tuple[SentFile, ...]]:
    if content is None or isinstance(content, str):
        return content or "", ()
    if not isinstance(content, list):
        raise wrong(NO_CONTENT, place)
    texts, files = [], []
    for number, part in enumerate(content):
        found = _part(part, f"{place}[{number}]")
        if isinstance(found, str):
            texts.append(found)
        else:
            files.append(found)
    return "\n\n".join(texts), tuple(files)


def _part(part: Any, place: str) -> str | SentFile:
    if not isinstance(part, Mapping):
        raise wrong(NO_OBJECT, place)
    kind = part.get("type")
    if kind in TEXTS:
        text = part.get("refusal" if kind == "refusal" else "text")
        if not isinstance(text, str):
            raise wrong(NO_TEXT, f"{place}.text")
        return text
    if kind in ("image_url", "input_image"):
        given = part.get("image_url")
        address = given.get("url") if isinstance(given, Mapping) else given
        return _file(address, "image", f"{place}.image_url")
    if kind in ("file", "input_file"):
        given = part.get("file") if kind == "file" else part
        facts = given if isinstance(given, Mapping) else {}
        return _file(facts.get("file_data"), _name(facts.get("filename"), "file"), f"{place}.file_data")
    if kind == "input_audio":
        given = part.get("input_audio")
        facts = given if isinstance(given, Mapping) else {}
        form = "wav" if facts.get("format") == "wav" else "mp3"
        return SentFile(f"recording.{form}", f"audio/{form}", _decoded(facts.get("data"), f"{place}.input_audio"))
    raise wrong(UNKNOWN_PART, f"{place}.type")


def _file(address: Any, name: str, place: str) -> SentFile:
    """The file that a data URL, or Base64 alone, holds. What an address names elsewhere is never fetched."""
    if not isinstance(address, str) or not address:
        raise wrong(NO_DATA, place)
    if not address.startswith("data:"):
        return SentFile(name, "application/octet-stream", _decoded(address, place))
    head, _, data = address.partition(",")
    kind, *rest = head.removeprefix("data:").split(";")
    if "base64" not in rest:
        raise wrong(NO_DATA, place)
    ending = "." + kind.rpartition("/")[2].partition("+")[0] if name == "image" and "/" in kind else ""
    return SentFile(name + ending, kind[:100] or "application/octet-stream", _decoded(data, place))


def _decoded(data: Any, place: str) -> bytes:
    try:
        found = base64.b64decode(data, validate=True) if isinstance(data, str) else b""
    except (binascii.Error, ValueError):
        found = b""
    if not found:
        raise wrong(NO_DATA, place)
    return found


def _name(given: Any, otherwise: str) -> str:
    """A file’s name without a path, as it is shown."""
    said = given if isinstance(given, str) else ""
    return said.replace("\\", "/").rpartition("/")[2].strip()[:120] or otherwise


def wrong(problem: Problem, param: str, status: int = 400) -> ApiError:
    """The refusal of a request of which this part is wrong."""
    return ApiError.of(status, problem.model_copy(update={"params": {**problem.params, "place": param}}), param)


NO_MESSAGES = Problem.of(
    "api.messages", "“{place}” has to be a list of messages.", "Put at least one message of the user into it."
)
TOO_MANY = Problem.of(
    "api.messages", "There are more than {most} messages in “{place}”.", "Send the latest ones.", most=MOST_MESSAGES
)
TOO_MANY_FILES = Problem.of(
    "api.files", "There are more than {most} files in “{place}”.", "Send fewer files.", most=MOST_FILES
)
NOT_USER = Problem.of(
    "api.messages",
    "The last message in “{place}” isn’t one of the user.",
    "Put the question last, with the role “user”.",
)
NO_OBJECT = Problem.of("api.shape", "“{place}” has to be an object.", "Compare it with the examples in the guide.")
UNKNOWN_ROLE = Problem.of(
    "api.role", "“{place}” isn’t a role that is known here.", "Use “user”, “assistant”, “system” or “developer”."
)
EMPTY = Problem.of("api.empty", "“{place}” is empty.", "Write a text, or attach a file.")
NO_CONTENT = Problem.of("api.shape", "“{place}” has to be a text or a list of parts.", "Send the text as it is.")
NO_TEXT = Problem.of("api.shape", "“{place}” has to be a text.", "Send the text as it is.")
UNKNOWN_PART = Problem.of(
    "api.part",
    "“{place}” isn’t a kind of content that is known here.",
    "Send texts, and pictures, files or recordings inside the request.",
)
NO_DATA = Problem.of(
    "api.data",
    "“{place}” doesn’t hold a file.",
    "Put the file itself into the request, as a data URL in Base64. Addresses of files elsewhere aren’t fetched.",
)
