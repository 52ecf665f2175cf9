"""The flow as sentences: the list of blocks as nested HTML, for people who read or hear it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Protocol

from flowloom.errors import Problem
from flowloom.kinds.port import Port
from flowloom.run.reading.outline import Line, Row, Way, common

DEEPEST = 5
"""Steps a list is indented at most; what lies deeper says so in words alone."""


class Say(Protocol):
    """Puts a text into the language of the reader."""

    def __call__(self, source: str, /, **params: object) -> str: ...


def name_of(row: Row, t: Say) -> str:
    """What a person calls the block."""
    return row.node.name or (t(row.kind.label) if row.kind else row.node.kind)


def numbered(row: Row, t: Say) -> str:
    return f"{row.number}. {name_of(row, t)}"


def html_of(rows: Sequence[Row], t: Say, describe: "Describe", selected: str | None = None) -> str:
    """The list, each block an item that bears its number, under the way it hangs on."""
    return "".join(_pieces(rows, _Words(rows, t, describe), selected))


class Describe(Protocol):
    """Says a problem in the language of the reader."""

    def __call__(self, problem: Problem, /) -> str: ...


def _pieces(rows: Sequence[Row], words: "_Words", selected: str | None) -> Iterator[str]:
    yield "<ol>"
    before: Row | None = None
    depth = 0
    for row in rows:
        kept = min(common(before.ways, row.ways), DEEPEST) if before else 0
        yield "</li></ol></div>" * (depth - kept)
        depth = min(len(row.ways), DEEPEST)
        opened = row.ways[kept:depth]
        if before and not opened:
            yield "</li>"
        for way in opened:
            yield f"<div><p>{words.heading(way)}</p><ol>"
        current = ' aria-current="true"' if row.node.id == selected else ""
        yield f'<li value="{row.number}"{current}>{words.item(row)}'
        before = row
    yield "</li></ol></div>" * depth + ("</li></ol>" if before else "</ol>")


class _Words:
    """What is said of each block."""

    def __init__(self, rows: Sequence[Row], t: Say, describe: Describe) -> None:
        self._rows: Mapping[str, Row] = {row.node.id: row for row in rows}
        self._t, self._describe = t, describe

    def item(self, row: Row) -> str:
        said = f"<p>{self._title(row)} {' '.join(self._sentences(row))}</p>"
        return said + "".join(f"<p class='problem'>{self._problem(problem)}</p>" for problem in row.problems)

    def heading(self, way: Way) -> str:
        t = self._t
        if way.is_tool:
            return t("Tools of {block}:", block=self._block(way.owner))
        return t("{way} (block {number}):", way=self._when(way.port), number=self._rows[way.owner].number)

    def _title(self, row: Row) -> str:
        t = self._t
        kind = t(row.kind.label) if row.kind else row.node.kind
        name = name_of(row, t)
        return f"<strong>{escape(name)}</strong>" + (f" ({escape(kind)})." if name != kind else ".")

    def _sentences(self, row: Row) -> Iterator[str]:
        t = self._t
        if row.notes:
            if row.summary:
                yield t("Text: {text}", text=escape(row.summary))
            return
        for port, lines in _by_port((line.input, line) for line in row.takes):
            blocks = self._blocks(line.edge.start.node for line in lines)
            if lines[0].is_tool:
                yield t("Uses these tools: {blocks}.", blocks=blocks)
            else:
                yield t("Gets {input} from {blocks}.", input=self._port(port), blocks=blocks)
        yield from self._gives(row)
        if not (row.takes or row.gives):
            yield t("Not connected.")

    def _gives(self, row: Row) -> Iterator[str]:
        t = self._t
        joined = _by_port((line.output, line) for line in row.gives)
        for port, lines in joined:
            blocks = self._blocks(line.edge.end.node for line in lines)
            if lines[0].is_tool:
                yield t("Is a tool for {blocks}.", blocks=blocks)
            elif row.is_way(port):
                yield t("{way}: continues with {blocks}.", way=self._when(port), blocks=blocks)
            else:
                yield t("Sends {output} to {blocks}.", output=self._port(port), blocks=blocks)
        ends = [port for port in row.outputs if row.is_way(port) and port.id not in {p.id for p, _ in joined}]
        if ends and row.gives:
            yield t("{ways}: not connected.", ways=self._list(map(self._when, ends)))

    def _when(self, port: Port) -> str:
        """Words of ours speak for themselves (“Otherwise”); a person's need an “if”."""
        return self._t("If {way}", way=self._port(port)) if port.verbatim else self._port(port)

    def _port(self, port: Port) -> str:
        return escape(self._t(port.said))

    def _blocks(self, ids: Iterable[str]) -> str:
        return self._list(map(self._block, dict.fromkeys(ids)))

    def _block(self, id: str) -> str:
        row = self._rows[id]
        return f"<em>{escape(name_of(row, self._t))}</em> ({row.number})"

    def _list(self, items: Iterable[str]) -> str:
        return self._t(", ").join(items)

    def _problem(self, problem: Problem) -> str:
        word = self._t("Problem:") if problem.severity == "error" else self._t("Warning:")
        return f"<strong>{word}</strong> {escape(self._describe(problem))}"


def _by_port(pairs: Iterable[tuple[Port, Line]]) -> list[tuple[Port, list[Line]]]:
    found: dict[str, tuple[Port, list[Line]]] = {}
    for port, line in pairs:
        found.setdefault(port.id, (port, []))[1].append(line)
    return list(found.values())
