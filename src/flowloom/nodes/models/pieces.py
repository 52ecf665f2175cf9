"""A long text in pieces, cut where it hurts least."""

from collections.abc import Iterator

CUTS = ("\n\n", "\n", "。", ". ", "！", "？", "! ", "? ", "；", "; ", "，", ", ", " ")


def pieces_of(text: str, longest: int) -> list[str]:
    """The text in pieces of at most so many characters; together they are the text again."""
    return list(_pieces(text, longest))


def _pieces(text: str, longest: int) -> Iterator[str]:
    start = 0
    while len(text) - start > longest:
        end = _cut(text, start, start + longest)
        yield text[start:end]
        start = end
    if start < len(text):
        yield text[start:]


def _cut(text: str, start: int, end: int) -> int:
    """The best place to cut before `end`: after a paragraph, else a line, a sentence, a word."""
    half = (start + end) // 2
    for sign in CUTS:
        at = text.rfind(sign, half, end)
        if at >= 0:
            return at + len(sign)
    return end
