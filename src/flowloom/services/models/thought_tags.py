"""The signs by which models and their servers set thoughts apart within a text."""

import re
from collections.abc import Sequence
from typing import Literal

from flowloom.kinds.values import Message

NAMES = ("think", "thinking", "thought", "thoughts", "reasoning")
LONGEST = 160
"""Characters of the longest tag."""
Mark = Literal["open", "close", "header", "message", "end"]
"""`header`, `message` and `end` are of OpenAI's harmony format: a channel's name stands between the first two."""

_NAME = "|".join(sorted(NAMES, key=len, reverse=True))
_MARKS: tuple[tuple[Mark, re.Pattern[str]], ...] = (
    ("open", re.compile(rf"<\s*(?:[a-z]\w{{0,20}}:)?(?:{_NAME})(?:\s[^<>]{{0,100}})?>", re.IGNORECASE)),
    ("close", re.compile(rf"<\s*/\s*(?:[a-z]\w{{0,20}}:)?(?:{_NAME})\s{{0,20}}>", re.IGNORECASE)),
)
_FIXED: dict[str, Mark] = {
    "[think]": "open",
    "[/think]": "close",
    "[thinking]": "open",
    "[/thinking]": "close",
    "◁think▷": "open",
    "◁/think▷": "close",
    "<|start_thinking|>": "open",
    "<|end_thinking|>": "close",
    "<|begin_of_thought|>": "open",
    "<|end_of_thought|>": "close",
    "<|start|>": "header",
    "<|channel|>": "header",
    "<|message|>": "message",
    "<|end|>": "end",
    "<|return|>": "end",
    "<|call|>": "end",
}
FIRST = "<[◁"
"""What every tag begins with."""
_BEGUN = re.compile(r"<\s*+/?\s*+(?:[a-z]\w{0,20}:)?([a-z]*)(.*)", re.DOTALL)
_PREFIX = re.compile(r"<\s*+/?\s*+[a-z]\w{0,20}:?")
_ASKS = re.compile(
    rf"</?\s*(?:{_NAME})\b|\b(?:{_NAME})\W{{0,3}}(?:tag|balise|标签|标记)|(?:tag|balise)s?\W{{0,3}}(?:{_NAME})\b|"
    r"\[/?THINK\]|<\|channel\|>",
    re.IGNORECASE,
)


def tag_at(tail: str) -> tuple[Mark, str] | None:
    """The tag a text begins with, and what it means."""
    small = tail[:20].lower()
    if small[1:2] == "|" or small[0] != "<":
        found = next((fixed for fixed in _FIXED if small.startswith(fixed)), None)
        return (_FIXED[found], tail[: len(found)]) if found else None
    for mark, pattern in _MARKS:
        if match := pattern.match(tail):
            return mark, match[0]
    return None


def may_become_tag(tail: str) -> bool:
    """Whether a text could be the beginning of a tag of which the rest is still to come."""
    small = tail.lower()
    if any(fixed.startswith(small) for fixed in _FIXED):
        return True
    if not small.startswith("<") or ">" in small or "<" in small[1:]:
        return False
    begun = _BEGUN.fullmatch(small)
    if begun is None or (begun[2] and not (begun[1] in NAMES and begun[2][0].isspace())):
        return bool(_PREFIX.fullmatch(small))
    return bool(begun[2]) or any(name.startswith(begun[1]) for name in NAMES) or bool(_PREFIX.fullmatch(small))


def asks_about_tags(messages: Sequence[Message]) -> bool:
    """Whether a person's last message is about the tags themselves, so that an answer may spell them out."""
    last = next((each.text for each in reversed(messages) if each.role == "user"), "")
    return bool(_ASKS.search(last))
