"""The sentences of an answer in Markdown: nothing of it is lost, and each can be read by itself."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flowloom.run.reading.code_spans import CodeSpans

FENCE = re.compile(r"\s*(?:>\s*)*(?:(?:[-*+]|\d{1,9}[.)])\s+)?(`{3,}|~{3,})")
ROW = re.compile(r"\s*(?:>\s*)*\|")
RULE = re.compile(r"[\s>|:=*_-]*$")
"""The line under the head of a table or a heading, or one that only parts."""
MARK = re.compile(r"\s*+(?:(?:#{1,6}|>|[-*+•]|\d{1,9}[.)])\s++|>)+(?:\[[ xX]\]\s)?")
QUOTED = re.compile(r"\s*(?:>\s*)*")
HEADING = re.compile(r"\s*(?:>\s*)*#{1,6}\s")
CITED = r"(?:\[\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\]|【\d{1,3}[^】\n]{0,12}】)"
END = re.compile(
    rf"""(?: (?P<latin>[.!?…]+) (?:[*_"”’)\]]|\s?»)* | [。！？；]+[*_”’」』）)》]* )
         (?P<cited>(?:\s*{CITED})*) (?P<space>\s*)""",
    re.VERBOSE,
)
WHOLE = re.compile(
    r"(`+)|\[[^\[\]\n]*\]\((?:[^)\s\]]|\](?!\())*+\)|https?://\S+[^\s.,;:!?)。，；！？]",
)
"""What no sentence ends in: code in a line, which goes on to its closing backticks, and addresses."""
SHORTENED = re.compile(
    r"(?:^|[\s(«“\"'’])(?:[^\W\d_]|[^\W\d_]\.[^\W\d_]|M|Mr|Mrs|Ms|Mme|Mlle|MM|Dr|Pr|Prof|St|Ste|Sr|Jr|vs|cf|env|"
    r"p\.\s?ex|c\.-à-d|approx|dept|est|Inc|Ltd)$",
    re.IGNORECASE,
)
BEFORE_NUMBER = re.compile(r"(?:^|[\s(])(?:no|nº|n°|p|pp|art|fig|vol|ch|chap|sec|al|tel|tél)$", re.IGNORECASE)
IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")
DRESS = re.compile(r"(\*{1,3}|~~|(?<!\w)_{1,3}|_{1,3}(?!\w))")
LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^)\s\]]|\](?!\())*+(?:\s+\"[^\"]*\")?\)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` as it stands in the answer, `said` without the signs of Markdown."""

    text: str
    said: str
    is_code: bool = False


def sentences_of(text: str) -> list[Sentence]:
    """The sentences in order; a heading, a row of a table and a block of code count as one each."""
    found: list[tuple[list[str], str, bool]] = []
    for block, is_code in _blocks(text.splitlines()):
        for number, piece in enumerate(filter(str.strip, [block] if is_code else _split(block))):
            said = _code(piece) if is_code else _said(piece, begins=number == 0)
            if found and not said:
                found[-1][0].append(piece)
            else:
                found.append(([piece.strip()], said or piece.strip(), is_code))
    return [Sentence("\n".join(pieces), said, is_code) for pieces, said, is_code in found]


def _blocks(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Lines that are read together, and whether they are code."""
    block: list[str] = []
    fence = ""
    for line in lines:
        if fence:
            block.append(line)
            if _closes(line, fence):
                yield "\n".join(block), True
                block, fence = [], ""
            continue
        found = FENCE.match(line)
        if found or (block and _parts(block[-1], line)):
            yield "\n".join(block), False
            block = []
        block.append(line)
        fence = found[1] if found else ""
    yield "\n".join(block), bool(fence)


def _closes(line: str, fence: str) -> bool:
    bare = line.strip(" >\t")
    return bare.startswith(fence) and not bare.strip(fence[0])


def _parts(before: str, line: str) -> bool:
    """Whether a line begins something new."""
    if not (before.strip() and line.strip()) or HEADING.match(before) or ROW.match(before) or ROW.match(line):
        return True
    own = MARK.match(line)
    return bool(own and own[0].strip() != ">") or bool(RULE.match(line))


def _split(block: str) -> list[str]:
    """A block cut after each sentence; its mark as a heading, item or row stays with the first."""
    if ROW.match(block) or HEADING.match(block):
        return [block]
    mark = MARK.match(block)
    begin, at, pieces = 0, mark.end() if mark else 0, []
    wholes = _wholes(block)
    whole = next(wholes, None)
    while found := END.search(block, at):
        at = found.end()
        while whole and whole[1] <= found.start():
            whole = next(wholes, None)
        if not (whole and whole[0] < found.start()) and _ends(block, found):
            pieces.append(block[begin:at])
            begin = at
    return [*pieces, block[begin:]]


def _wholes(block: str) -> Iterator[tuple[int, int]]:
    """Where the stretches stand that are not cut, in order."""
    spans, at = CodeSpans(block), 0
    while found := WHOLE.search(block, at):
        end = spans.end_of(found.start()) if found[1] else found.end()
        at = end or found.end()
        if end:
            yield found.start(), end


def _ends(block: str, found: re.Match[str]) -> bool:
    """Whether a sentence ends at these signs."""
    if not found["latin"]:
        return True
    before = block[max(0, found.start() - 20) : found.start()].split("\n")[-1]
    after = block[found.end() : found.end() + 20]
    if not after:
        return True
    if not found["space"]:
        return bool(found["cited"]) or bool(IDEOGRAPH.match(after))
    if found["latin"] == "." and SHORTENED.search(before):
        return False
    if after[0].isdigit() and BEFORE_NUMBER.search(before):
        return False
    return not after.lstrip('"“‘«([*_ ')[:1].islower()


def _said(piece: str, *, begins: bool) -> str:
    """The words without the signs of Markdown."""
    if RULE.match(piece):
        return ""
    first, *others = piece.split("\n")
    is_row = bool(ROW.match(piece))
    first = _after(QUOTED.match if is_row or not begins else MARK.match, first)
    words = "\n".join([first, *(_after(QUOTED.match, line) for line in others)])
    words = words.strip().strip("|").replace("|", " · ") if is_row else words
    words = DRESS.sub("", LINK.sub(r"\1", words)).replace("`", "")
    return " ".join(words.split())


def _after(mark: Callable[[str], re.Match[str] | None], line: str) -> str:
    found = mark(line)
    return line[found.end() :] if found else line


def _code(piece: str) -> str:
    return "\n".join(line for line in piece.split("\n") if not FENCE.match(line)).strip()
