"""What became of each part of a flow that came from another builder or left for one, and what is left to do."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from flowloom.errors import Problem
from flowloom.locales import translate
from flowloom.store.imports import ImportStore

Grade = Literal["exact", "approximate", "placeholder"]
"""Carried over as it was, with a difference that is told, or kept with its raw settings for a person to replace."""
GRADES: dict[Grade, str] = {
    "exact": "Carried over exactly: {count}",
    "approximate": "Carried over with a difference: {count}",
    "placeholder": "Kept, to be replaced: {count}",
}
GRADES_THERE: dict[Grade, str] = {**GRADES, "placeholder": "Left out, to be added there: {count}"}
"""The same of a flow that leaves."""


class Carried(BaseModel):
    """One node of the source. `differs` says how ours differs (message) and when one would notice (hint)."""

    model_config = ConfigDict(frozen=True)

    source: str
    """Its id where it comes from."""
    name: str
    type: str
    """What its builder calls that sort of node."""
    grade: Grade = "exact"
    differs: tuple[Problem, ...] = ()
    nodes: tuple[str, ...] = ()
    """Our blocks that do its work."""


class Fidelity(BaseModel):
    """The report of an import or an export. `notes` are about the whole flow; `todo` is what to do, and how."""

    model_config = ConfigDict(frozen=True)

    format: str
    way: Literal["from", "to"] = "from"
    origin: str = ""
    """What names the flow where it comes from, so that a newer export of it is known again."""
    rows: tuple[Carried, ...] = ()
    notes: tuple[Problem, ...] = ()
    todo: tuple[Problem, ...] = ()

    def count(self, grade: Grade) -> int:
        return Counter(row.grade for row in self.rows)[grade]

    def markdown(self, name: str, language: str = "en") -> str:
        """The report as a document."""
        source = "“{name}”, from {format}" if self.way == "from" else "“{name}”, as {format}"
        title = translate(source, language, name=name, format=self.format)
        lines = [f"# {title}", "", *(f"- {self.told(grade, language)}" for grade in GRADES if self.count(grade))]
        lines += _section(translate("What is different", language), map(str, self._differences(language)))
        lines += _section(translate("About the whole flow", language), _said(self.notes, language))
        todo = [f"[ ] {each}" for each in _said(self.todo, language)]
        lines += _section(translate("What to do next", language), todo)
        return "\n".join(lines) + "\n"

    def told(self, grade: Grade, language: str = "en") -> str:
        """How many parts were carried over so, in words."""
        words = GRADES if self.way == "from" else GRADES_THERE
        return translate(words[grade], language, count=self.count(grade))

    def _differences(self, language: str) -> Iterable[str]:
        for row in self.rows:
            if row.grade == "placeholder" and self.way == "from":
                kept = translate("Kept with its settings, to be replaced.", language)
                yield f"**{row.name}** ({row.type}) — {kept}"
            for said in _said(row.differs, language):
                yield f"**{row.name}** ({row.type}) — {said}"


def report_on(imports: ImportStore, flow_id: str) -> Fidelity | None:
    """What became of each part of a GPT that another builder made; None for one that was made here."""
    found = imports.of(flow_id)
    return Fidelity.model_validate_json(found.report) if found else None


def _said(problems: Sequence[Problem], language: str) -> list[str]:
    return [str(problem.describe(language)) for problem in problems]


def _section(title: str, lines: Iterable[str]) -> list[str]:
    rows = [f"- {line}" for line in lines]
    return ["", f"## {title}", "", *rows] if rows else []
