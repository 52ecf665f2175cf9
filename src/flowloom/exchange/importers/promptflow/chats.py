"""Jinja templates of chats, taken apart into the messages they make."""

import re
from dataclasses import dataclass
from itertools import pairwise

_ROLE = re.compile(
    r"(?im)^((?:[ \t]*+\{%[^%\n]*+%\})*+)[ \t]*+(?:#[ \t]*+)?(system|user|assistant|function|tool)[ \t]*+:[ \t]*+\n"
)
_TRIMMED = re.compile(r"(%\}|#\})\n")
_SHOWN = re.compile(r"\{\{([^{}]*+)\}\}")
_TAG = re.compile(r"\{%-?[ \t\n]*+(\w++)([^%{}]*+)%\}")
_SIMPLE = re.compile(r"\{\{-?\s*([A-Za-z_]\w*)\s*-?\}\}")
_ANY = re.compile(r"\{\{|\{%|\{#")


@dataclass(frozen=True)
class Row:
    """One message. Its template is `plain` where it only puts in names."""

    role: str
    text: str

    @property
    def plain(self) -> bool:
        return not _ANY.search(_SIMPLE.sub("", self.text))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_SIMPLE.findall(self.text)))


@dataclass(frozen=True)
class Chat:
    rows: tuple[Row, ...]
    history: str = ""
    """The input that holds what was said before, where the template writes it out turn by turn."""
    whole: bool = True
    """Whether every part of the template found its place; else a tag reaches over several messages."""


def chat_of(template: str) -> Chat:
    """The messages of a template, as PromptFlow splits what comes of it."""
    text, history = _without_history(template)
    text = trimmed(text)
    if not text.endswith("\n"):
        text += "\n"
    pieces = _ROLE.split(text)
    if len(pieces) == 1 or (pieces[0] + pieces[1]).strip():
        return Chat((Row("user", template.strip()),), whole=False)
    # A tag right before a role ends what was before.
    tags, roles, said = [*pieces[4::3], ""], pieces[2::3], pieces[3::3]
    rows = tuple(
        Row(role.lower() if role.lower() in ("system", "user", "assistant") else "user", (text + tag).strip())
        for role, text, tag in zip(roles, said, tags, strict=True)
    )
    if not all(_closed(row.text) for row in rows):
        return Chat((Row("user", template.strip()),), whole=False)
    return Chat(rows, history)


def trimmed(template: str) -> str:
    """The template without the line ends behind its tags, which PromptFlow leaves out."""
    return _TRIMMED.sub(r"\1", template)


def swallowed_role(template: str) -> bool:
    """Whether a role stands right behind a tag, so that it is no longer at the start of its line."""
    text, _ = _without_history(template)
    return len(_ROLE.findall(text + "\n")) > len(_ROLE.findall(trimmed(text) + "\n"))


def written_as_python(template: str, texts: frozenset[str]) -> str:
    """The template with all values but these texts written as Python writes them: True, None, ['a']."""

    def shown(found: re.Match[str]) -> str:
        said = found[1]
        left, right = "-" * said.startswith("-"), "-" * said.endswith("-")
        value = said.strip("-").strip()
        if value in texts or "|string" in value.replace(" ", ""):
            return found[0]
        inner = value if value.replace(".", "_").isidentifier() else f"({value})"
        return f"{{{{{left} {inner} | string {right}}}}}"

    return _SHOWN.sub(shown, template)


def _without_history(template: str) -> tuple[str, str]:
    """The template without the loop that writes out the turns before, and what the loop goes over."""
    tags = list(_TAG.finditer(template))
    for start, end in pairwise(tags):
        words = start[2].replace("-", " ").split()
        if (start[1], end[1], len(words), words[1:2]) != ("for", "endfor", 3, ["in"]):
            continue
        body = template[start.end() : end.start()]
        roles = [role.lower() for _, role in _ROLE.findall(body + "\n")]
        if roles == ["user", "assistant"] and (f"{words[0]}.inputs" in body or f"{words[0]}.outputs" in body):
            return template[: start.start()] + template[end.end() :], words[2]
    return template, ""


def _closed(text: str) -> bool:
    """Whether every tag that is opened in a text is closed in it."""
    tags = [tag for tag, _ in _TAG.findall(text)]
    opened = [tag for tag in tags if tag in ("if", "for", "macro", "filter", "call")]
    return len(opened) == sum(tag.startswith("end") for tag in tags) and not (
        tags and not opened and "set" not in tags
    )
