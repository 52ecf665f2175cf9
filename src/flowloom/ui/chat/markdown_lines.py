"""The lines of a text in Markdown: which are code, and which read on from one into the next."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

FENCE = re.compile(r"(`{3,})([^`]*)$|(~{3,})(.*)$")
MARKER = re.compile(r"(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)")
QUOTE = re.compile(r" {0,3}> ?")
QUOTES = re.compile(rf"(?:{QUOTE.pattern})*")
BLOCK_START = re.compile(r" {0,3}(?:#{1,6}(?:\s|$)|>|\||(?:[-*+]|\d{1,9}[.)])\s|(?:[-*_] *){3,}$)")
HEADING = re.compile(r"[ >]*#{1,6}(?:\s|$)")
DRAWING = re.compile(r"[`~]\s*+mermaid\b", re.IGNORECASE)
ESCAPED = re.compile(r"\\\\|\\\$")
DEEPEST = 100
"""Lists within lists that are followed."""
LONGEST_FORMULA = 100
"""Lines of a displayed formula that are looked for."""
FETCHES = re.compile(r"//|url\s*\(|@import|\bimg\s*:", re.IGNORECASE)
"""What leads out of a drawing."""


class Part(NamedTuple):
    lines: list[str]
    is_code: bool


@dataclass(slots=True)
class _Fence:
    sign: str
    quotes: int
    indent: int

    def ends_at(self, line: str) -> bool:
        bare = unquoted(line, self.quotes).strip()
        return len(bare) >= len(self.sign) and set(bare) == {self.sign[0]}

    def is_left_at(self, line: str) -> bool:
        """Whether a line stands outside of the quote or list item the block of code is in."""
        bare = unquoted(line, self.quotes)
        return _quotes(line) < self.quotes or (bool(bare.strip()) and _indent(bare) < self.indent)


@dataclass(slots=True)
class _Reader:
    """Where a reader of the lines stands."""

    lists: list[int] = field(default_factory=list)
    after_blank: bool = True
    in_indented: bool = False

    def see(self, line: str) -> None:
        bare = unquoted(line)
        if bare.strip():
            indent = _indent(bare)
            if self.after_blank or MARKER.match(bare.lstrip()):
                self.leave(indent)
            while len(self.lists) < DEEPEST and (found := MARKER.match(bare, indent)):
                indent = found.end()
                self.lists.append(indent)
        self.after_blank = not bare.strip()

    def pass_over(self, fence: _Fence) -> None:
        self.leave(fence.indent)
        self.after_blank = False

    def leave(self, indent: int) -> None:
        """Close the lists that stand deeper than a line."""
        self.lists = [wide for wide in self.lists if wide <= indent]

    def is_indented_code(self, line: str) -> bool:
        deep = line.startswith(("    ", "\t")) and bool(line.strip())
        self.in_indented = deep and not self.lists and (self.after_blank or self.in_indented)
        return self.in_indented


def parts_of(lines: list[str]) -> Iterator[Part]:
    reader, number = _Reader(), 0
    stretch: list[str] = []
    while number < len(lines):
        line = lines[number]
        fence = _fence_at(line, reader)
        if fence:
            if stretch:
                yield Part(stretch, False)
            block = _block(lines, number, fence)
            yield Part(_closed(block, fence), True)
            reader.pass_over(fence)
            number, stretch = number + len(block), []
            continue
        alone = reader.is_indented_code(line)
        if stretch and (alone or _breaks(stretch, lines, number)):
            yield Part(stretch, False)
            stretch = []
        reader.see(line)
        if alone:
            yield Part([line], True)
        else:
            stretch.append(line)
        number += 1
    if stretch:
        yield Part(stretch, False)


def _fence_at(line: str, reader: _Reader) -> _Fence | None:
    bare = unquoted(line)
    indent, begin = _indent(bare), _indent(bare)
    inner = [wide for wide in reader.lists if wide <= indent]
    while len(inner) < DEEPEST and (found := MARKER.match(bare, begin)):
        begin = found.end()
        inner.append(begin)
    base = inner[-1] if inner else 0
    found = FENCE.match(bare, begin)
    if not found or begin - base > 3:
        return None
    return _Fence(found[1] or found[3], _quotes(line), base)


def _block(lines: list[str], begin: int, fence: _Fence) -> list[str]:
    """The lines of a block of code from its first."""
    for number in range(begin + 1, len(lines)):
        if fence.is_left_at(lines[number]):
            return lines[begin:number]
        if fence.ends_at(lines[number]):
            return lines[begin : number + 1]
    return lines[begin:]


def _closed(block: list[str], fence: _Fence) -> list[str]:
    first, inside = block[0], block[1:]
    if not (inside and fence.ends_at(inside[-1])):
        block = [*block, "> " * fence.quotes + " " * fence.indent + fence.sign]
    draws = DRAWING.search(first)
    if draws and FETCHES.search("\n".join(inside)):
        # Shown as it is written, as its drawing would fetch what it names.
        return [first[: draws.start() + 1] + "text", *block[1:]]
    return block


def _breaks(stretch: list[str], lines: list[str], number: int) -> bool:
    """Whether nothing that began before can go on in a line."""
    line = lines[number]
    if not line.strip() or not stretch[-1].strip():
        return True
    if not (BLOCK_START.match(line) or HEADING.match(stretch[-1])):
        return False
    return not _formula_goes_on(stretch, lines, number)


def _formula_goes_on(stretch: list[str], lines: list[str], number: int) -> bool:
    """Whether a displayed formula is open that also ends: its lines may begin with + or -."""
    end = _formula_open_at_end_of(stretch)
    if not end:
        return False
    for line in lines[number : number + LONGEST_FORMULA]:
        if not line:
            return False
        if end in line:
            return True
    return False


def _formula_open_at_end_of(stretch: list[str]) -> str:
    """What would end the formula that is open; "" for none."""
    before = ESCAPED.sub("", "\n".join(stretch[-LONGEST_FORMULA:]))
    if before.count("$$") % 2:
        return "$$"
    return r"\]" if before.rfind(r"\[") > before.rfind(r"\]") else ""


def unquoted(line: str, most: int = 99) -> str:
    """The line without the signs of the quotes it stands in."""
    for _ in range(most):
        found = QUOTE.match(line)
        if not found:
            break
        line = line[found.end() :]
    return line


def _quotes(line: str) -> int:
    found = QUOTES.match(line)
    return found[0].count(">") if found else 0


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))
