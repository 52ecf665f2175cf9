"""A conversation as a document: what was said, by whom, with the names of the files that were added."""

import json
from collections.abc import Sequence
from html import escape
from typing import Any

from flowloom.locales import translate
from flowloom.store.runs import ChatTurn

PRINTED = (
    "body{font:11pt/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;color:#111}"
    "h1{font-size:18pt}p,li,table,pre{break-inside:avoid}pre{white-space:pre-wrap;background:#f4f4f6;padding:.6rem}"
    "table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.2rem .5rem}a{color:inherit}"
)
"""How a printed conversation looks."""


def as_markdown(turns: Sequence[ChatTurn], name: str, language: str = "en") -> str:
    """The conversation to read and to print; an answer keeps its own Markdown."""
    parts = [f"# {name or translate('Untitled GPT', language)}"]
    for turn in turns:
        who = translate("You", language) if turn.role == "user" else name or translate("Untitled GPT", language)
        parts += [f"**{who}**", turn.text or _failed(turn, language)]
        if turn.attachments:
            parts.append("\n".join(f"- {file.name}" for file in turn.attachments))
    return "\n\n".join(part for part in parts if part) + "\n"


def as_page(turns: Sequence[ChatTurn], name: str, language: str = "en") -> str:
    """The conversation as a page to print: nothing in it runs, and no picture is asked for."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
    title = escape(name or translate("Untitled GPT", language))
    body = reader.render(as_markdown(turns, name, language))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<style>{PRINTED}</style></head><body>{body}</body></html>"
    )


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
