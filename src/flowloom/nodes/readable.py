"""Any value as a text to read, or a NodeError where it cannot be one."""

from typing import Any

from flowloom.errors import NodeError
from flowloom.kinds.port import as_text
from flowloom.locales import Verbatim, add_texts

add_texts(
    {
        "zh": {
            "This value cannot be shown as text.": "这个值无法显示为文本。",
            "It may be nested too deeply or too large a number.": "它可能嵌套过深，或是过大的数字。",
        },
        "fr": {
            "This value cannot be shown as text.": "Cette valeur ne peut pas s’afficher comme texte.",
            "It may be nested too deeply or too large a number.": (
                "Elle est peut-être imbriquée trop profondément, ou c’est un nombre trop grand."
            ),
        },
    }
)


def readable(value: Any) -> str:
    try:
        # JSON may smuggle in halves of characters, which nothing further on could store or send.
        return as_text(value).encode("utf-8", "replace").decode()
    except (ValueError, RecursionError) as error:
        raise unreadable() from error


def unreadable() -> NodeError:
    return NodeError(
        "This value cannot be shown as text.",
        "It may be nested too deeply or too large a number.",
        code="unreadable",
    )


def first_words(text: str, length: int = 60) -> str:
    """The beginning of a text on one line, for a card."""
    line = " ".join(text[: length * 4].split())
    return Verbatim(line if len(line) <= length else line[: length - 1].rstrip() + "…")
