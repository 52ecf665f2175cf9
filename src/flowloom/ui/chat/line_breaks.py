"""Lines of an answer that stay lines: Markdown would set them as one paragraph, as it does a list of names."""

import re

from flowloom.ui.chat.markdown_lines import BLOCK_START, HEADING, QUOTES, parts_of

UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")
BREAK = "  "
"""Two spaces at the end of a line, which break it (CommonMark 0.31.2, 6.7)."""


def keep_lines(text: str) -> str:
    """The text with a break wherever a line of words follows another; code, tables and headings as they are."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    told = [(line, part.is_code) for part in parts_of(lines) for line in part.lines]
    following = [*told[1:], ("", True)]
    return "\n".join(
        line + BREAK if not (is_code or ends) and _goes_on(line, after) else line
        for (line, is_code), (after, ends) in zip(told, following, strict=True)
    )


def _goes_on(line: str, after: str) -> bool:
    """Whether the next line would run on in the same paragraph."""
    line, after = _bare(line), _bare(after)
    if not line.strip() or not after.strip() or line.endswith((BREAK, "\\")):
        return False
    ends = HEADING.match(line) or UNDERLINE.match(line) or line.lstrip().startswith(("|", "$$"))
    return not (
        ends or BLOCK_START.match(after.lstrip()) or UNDERLINE.match(after) or after.lstrip().startswith("$$")
    )


def _bare(line: str) -> str:
    quotes = QUOTES.match(line)
    return line[quotes.end() :] if quotes else line
