"""What stands in the JSON of a model's server, read whatever its type turns out to be.

Servers that "speak like OpenAI" send lists where a text is documented, objects where JSON text is, numbers as
words, and null anywhere. Every field read off the wire is read here, so that no surprise of types reaches anybody.
"""

import json
import math
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from struct import error as StructError
from struct import unpack
from typing import Any

DEEPEST = 8
"""Lists within objects within lists, as far as texts are looked for in them."""
MOST_TOKENS = 1_000_000_000_000
THOUGHT_TYPES = frozenset({"thinking", "reasoning", "thought", "reasoning_content", "redacted_thinking"})
_TEXT_TYPES = (None, "", "text", "output_text", "input_text")
_TEXTS = ("text", "value", "content", "output_text")
_THOUGHTS = ("thinking", "reasoning", "reasoning_content", "thought", "text", "summary", "content")
_SAID = ("message", "error", "detail", "details", "msg", "errors", "error_description", "title", "reason")


class ServerError(Exception):
    """A server told of an error within an answer with status 200. `body` is what it said, of any type."""

    def __init__(self, body: Any) -> None:
        super().__init__(said_in(body))
        self.body = body
        code = member(body, "code") or member(body, "status")
        self.status_code = code if isinstance(code, int) and 400 <= code < 600 else 0


def read_json(text: str | bytes) -> Any:
    """The value in a JSON text; None where there is none in it."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def member(value: Any, name: str) -> Any:
    """A member of an object; None where it is none, or has no such member."""
    return value.get(name) if isinstance(value, Mapping) else None


def objects(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; an object alone counts as a list of one."""
    if isinstance(value, Mapping):
        return [value]
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def word(value: Any) -> str:
    """A text where it is one, "" for anything else."""
    return value if isinstance(value, str) else ""


def label(value: Any) -> str:
    """An id or a name: a text, or a number written as one."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else word(value)


def count(value: Any) -> int | None:
    """A number of tokens, also as a float or a word; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return round(number) if math.isfinite(number) and 0 <= number <= MOST_TOKENS else None


def numbers(value: Any) -> list[float]:
    """A vector: numbers, or their bytes in base64 as OpenAI packs them; [] where it is neither."""
    if isinstance(value, str):
        return _unpacked(value)
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        value = value[0]
    if not isinstance(value, list) or not all(type(each) in (int, float) for each in value):
        return []
    try:
        found = [float(each) for each in value]
    except OverflowError:
        return []
    return found if all(map(math.isfinite, found)) else []


def _unpacked(letters: str) -> list[float]:
    try:
        data = b64decode(letters, validate=True)
        found = list(unpack(f"<{len(data) // 4}f", data))
    except (ValueError, StructError):
        return []
    return found if all(map(math.isfinite, found)) else []


@dataclass(frozen=True, slots=True)
class Counted:
    """Tokens of one call; `cached` are those of `read` that the server had read before. None is unknown."""

    read: int | None = None
    written: int | None = None
    cached: int | None = None


def counted(usage: Any) -> Counted:
    """The tokens in a `usage` object, under the names that servers give them."""
    details = member(usage, "prompt_tokens_details") or member(usage, "input_tokens_details")
    return Counted(
        _first_count(usage, "prompt_tokens", "input_tokens"),
        _first_count(usage, "completion_tokens", "output_tokens"),
        _first_count(details, "cached_tokens")
        if _first_count(details, "cached_tokens") is not None
        else _first_count(usage, "prompt_cache_hit_tokens", "cached_tokens"),
    )


def _first_count(value: Any, *names: str) -> int | None:
    found = (count(member(value, name)) for name in names)
    return next((number for number in found if number is not None), None)


@dataclass(frozen=True, slots=True)
class Content:
    """What the content of a message holds. `parts` are as they came, where some of them are thoughts."""

    text: str = ""
    thoughts: str = ""
    refusal: str = ""
    parts: tuple[Any, ...] = ()


def content_of(value: Any) -> Content:
    """The content of a message: a text, parts of many shapes, or null."""
    if not isinstance(value, list | Mapping):
        return Content(scalar(value))
    texts, thoughts, refusals = [], [], []
    parts = value if isinstance(value, list) else [value]
    for part in parts:
        if is_thought(part):
            thoughts.append(thought_in(part))
        elif member(part, "type") == "refusal" or word(member(part, "refusal")):
            refusals.append(word(member(part, "refusal")) or "refused")
        else:
            # Of parts that are something else, say the result of a search, only plain words are read.
            kind = member(part, "type")
            texts.append(text_in(part, _TEXTS if kind in _TEXT_TYPES else ("text",)))
    kept = tuple(parts) if any(map(is_thought, parts)) else ()
    return Content("".join(texts), "".join(thoughts), "".join(refusals), kept)


def is_thought(part: Any) -> bool:
    """Whether a part of a content is what the model thought on its way."""
    kind = member(part, "type")
    return (isinstance(kind, str) and kind in THOUGHT_TYPES) or member(part, "thought") is True


def thought_in(value: Any) -> str:
    """A thought: a text, a part, an object with `text` or `summary`, or a list of such."""
    return text_in(value, _THOUGHTS)


def text_in(value: Any, names: tuple[str, ...], deep: int = 0) -> str:
    """The text in a value: itself, or what stands under the first of these names that holds some."""
    if isinstance(value, list) and deep < DEEPEST:
        return "".join(text_in(each, names, deep + 1) for each in value)
    if isinstance(value, Mapping):
        if deep >= DEEPEST:
            return ""
        return next((found for name in names if (found := text_in(value.get(name), names, deep + 1))), "")
    return word(value) if deep else scalar(value)


def scalar(value: Any) -> str:
    """A text, or a number or truth value as JSON writes it; "" for anything else."""
    if isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, int | float) else ""


def said_in(body: Any, deep: int = 0) -> str:
    """What a person can read in the body of an error, of whatever shape; "" for a page of HTML."""
    if deep > DEEPEST:
        return ""
    if isinstance(body, Mapping):
        return next((said for name in _SAID if (said := said_in(body.get(name), deep + 1))), "")
    if isinstance(body, list):
        return "; ".join(filter(None, (said_in(each, deep + 1) for each in body[:3])))
    text = word(body).strip()
    if text[:1] in "{[" and deep <= 1 and (inner := read_json(text)) is not None:
        return said_in(inner, deep + 1) or text
    return "" if "<html" in text.lower() else text


def error_in(data: Any) -> Any:
    """What stands in an answer that is an error in truth, None where it is none."""
    if not isinstance(data, Mapping) or objects(data.get("choices")):
        return None
    for name in ("error", "errors", "detail"):
        if data.get(name):
            return data[name]
    has_message = isinstance(data.get("message"), str) and data["message"]
    return dict(data) if has_message and "choices" not in data else None


def whole(text: str) -> str:
    """The text with what became of cut pairs of surrogates joined, and lone ones replaced."""
    if not any("\ud800" <= sign <= "\udfff" for sign in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def extras(value: Mapping[str, Any], known: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """The members that no one documented, and that hold anything."""
    return ((name, each) for name, each in value.items() if name not in known and each not in (None, "", [], {}))


def merged(before: Any, now: Any) -> Any:
    """A member that came in pieces: texts are joined, lists extended, objects filled in."""
    if before is None or now is None:
        return now if before is None else before
    if isinstance(before, str) and isinstance(now, str):
        return before + now
    if isinstance(before, list) and isinstance(now, list):
        return joined([*before, *now])
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        return {**before, **now}
    return now


def joined(parts: list[Any]) -> list[Any]:
    """Parts of which a stream sends each in pieces, those of one type and index that follow each other as one."""
    made: list[Any] = []
    for part in parts:
        if made and _continues(made[-1], part):
            made[-1] = _extended(made[-1], part)
        else:
            made.append(part)
    return made


def _continues(before: Any, part: Any) -> bool:
    if not isinstance(before, Mapping) or not isinstance(part, Mapping):
        return False
    same = all(before.get(name) == part.get(name) for name in ("type", "index", "format"))
    return same and part.get("id") in (None, before.get("id")) and not before.get("signature")


def _extended(before: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(before)
    for name, value in part.items():
        pieced = name in ("text", "thinking", "summary", "data", "reasoning", "signature", "content")
        made[name] = merged(made.get(name), value) if pieced else value if value is not None else made.get(name)
    return made


def whole_values(value: Any) -> Any:
    """A value in which every text is `whole`, names too."""
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, dict):
        return {whole(str(name)): whole_values(each) for name, each in value.items()}
    return [whole_values(each) for each in value] if isinstance(value, list) else value
