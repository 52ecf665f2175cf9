"""A conversation as a document: what was said, by whom, with the names of the files that were added."""

import json
from collections.abc import Sequence
from typing import Any

from flowloom.locales import translate
from flowloom.store.runs import ChatTurn


def as_markdown(turns: Sequence[ChatTurn], name: str, language: str = "en") -> str:
    """The conversation to read and to print; an answer keeps its own Markdown."""
    parts = [f"# {name or translate('Untitled GPT', language)}"]
    for turn in turns:
        who = translate("You", language) if turn.role == "user" else name or translate("Untitled GPT", language)
        parts += [f"**{who}**", turn.text or _failed(turn, language)]
        if turn.attachments:
            parts.append("\n".join(f"- {file.name}" for file in turn.attachments))
    return "\n\n".join(part for part in parts if part) + "\n"


def as_json(turns: Sequence[ChatTurn], name: str) -> str:
    """The conversation for programs: `messages` with `role`, `content` and the names of `files`."""
    told = [_row(turn) for turn in turns]
    return json.dumps({"gpt": name, "messages": told}, ensure_ascii=False, indent=2) + "\n"


def _row(turn: ChatTurn) -> dict[str, Any]:
    files = [file.name for file in turn.attachments]
    failed = {"error": _failed(turn, "en")} if turn.problem else {}
    return {"role": turn.role, "content": turn.text, **({"files": files} if files else {}), **failed}


def _failed(turn: ChatTurn, language: str) -> str:
    return str(turn.problem.describe(language)) if turn.problem else ""
