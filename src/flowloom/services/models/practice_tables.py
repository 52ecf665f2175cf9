"""The code the practice model writes for a question about a table, by rules: an operation, its column, by what."""

import re
from collections.abc import Iterator, Sequence

from flowloom.kinds.values import TableFacts
from flowloom.services.models.practice_texts import TEXTS
from flowloom.services.synonyms import meanings
from flowloom.words import fold, language_of, likeness, stem

# As folded text, without accents and capitals.
_HOWS = (
    ("mean", re.compile(r"\b(?:average|mean|moyen(?:ne)?s?)\b|平均")),
    ("median", re.compile(r"\bmedian(?:e|es|s)?\b|中位")),
    ("sum", re.compile(r"\b(?:totals?|totale|totaux|sums?|sommes?|altogether|overall|en tout)\b|总|合计|一共")),
    ("count", re.compile(r"\b(?:how many|count|number of|combien|nombre d)|多少[个条行笔]|几[个条行笔]|计数")),
)
_HIGHEST = re.compile(
    r"\b(?:highest|most|best|largest|biggest|maximum|max|top|meilleure?s?|plus (?:haut|eleve|grand|fort)e?s?)\b"
    r"|最[高大多好]"
)
_LOWEST = re.compile(
    r"\b(?:lowest|least|worst|smallest|minimum|min|pires?|moins|plus (?:bas|basses?|petite?s?|faibles?))\b"
    r"|最[低小少差]"
)
_CHARTS = (
    ("pie", re.compile(r"\b(?:pie|camembert|circulaire)\b|饼")),
    ("line", re.compile(r"\b(?:lines?|trend|over time|courbes?|evolution)\b|折线|趋势")),
    ("histogram", re.compile(r"\b(?:histogram(?:me)?|distribution)\b|直方|分布")),
    ("scatter", re.compile(r"\b(?:scatter|nuage)\b|散点")),
    (
        "bar",
        re.compile(
            r"\b(?:draw|chart|plot|graph|diagram|bars?|dessin\w*|trace[rz]?|graphique|diagramme"
            r"|barres?|batons?)\b|画|图|柱"
        ),
    ),
)


def code_for(question: str, tables: Sequence[TableFacts]) -> str:
    """Python for the question, over the table whose columns it names."""
    table = max(tables, key=lambda facts: len(_named(question, facts.columns)))
    return _Wish(question, table).code()


class _Wish:
    def __init__(self, question: str, table: TableFacts) -> None:
        self.said, self.table = fold(question), repr(table.name)
        self.words = TEXTS[language_of(question)]
        named = _named(question, table.columns)
        self.numbers = [name for name in named if name in table.numbers]
        self.groups = [name for name in named if name not in table.numbers]
        self.every_number = list(table.numbers)
        self.only = next(_values_named(self.said, table), None)
        self.how = next((how for how, pattern in _HOWS if pattern.search(self.said)), "")
        self.chart = next((kind for kind, pattern in _CHARTS if pattern.search(self.said)), "")
        self.up, self.down = bool(_HIGHEST.search(self.said)), bool(_LOWEST.search(self.said))

    def code(self) -> str:
        # Which of several numbers is meant cannot be guessed.
        value = next(iter(self.numbers or (self.every_number if len(self.every_number) == 1 else ())), None)
        if self.chart == "scatter" and len(self.numbers) > 1:
            return self._pair(*self.numbers[:2])
        if self.chart == "histogram" and value:
            return f"chart('histogram', {self.table}, {value!r}, title={value!r})\nresult = describe({self.table})"
        if self.only and not self.groups and value:
            column, wanted = self.only
            made = f"group({self.table}, {column!r}, {value!r}, {self.how or 'sum'!r})"
            return f"result = [row for row in {made} if row[{column!r}] == {wanted!r}]"
        if self.groups and (value or self.how == "count"):
            return self._grouped(self.groups[0], None if self.how == "count" or value is None else value)
        if value and (self.up or self.down) and not self.how:
            return f"result = sort({self.table}, {value!r}, descending={self.up})[:1]"
        if self.how == "count" and not self.numbers:
            return f"result = {{{self.words['rows']!r}: aggregate({self.table})}}"
        if value and self.how:
            title = self.words[self.how].format(value=value)
            return f"result = {{{title!r}: aggregate({self.table}, {value!r}, {self.how!r})}}"
        return f"result = describe({self.table})"

    def _grouped(self, by: str, value: str | None) -> str:
        how = self.how or "sum"
        column = value or "count"
        what = self.words[how].format(value=value) if value else self.words["rows"]
        title = self.words["by"].format(what=what, by=by)
        made = f"group({self.table}, {by!r}, {value!r}, {how!r})" if value else f"group({self.table}, {by!r})"
        lines = [f"result = {made}"]
        # What follows in time stays in its order.
        if self.chart != "line":
            lines.append(f"result = sort(result, {column!r}, descending={not self.down})")
        if self.chart:
            kind = self.chart if self.chart in ("pie", "line") else "bar"
            lines.append(f"chart({kind!r}, result, {by!r}, {column!r}, title={title!r})")
        elif self.up or self.down:
            lines.append("result = result[:1]")
        return "\n".join(lines)

    def _pair(self, x: str, y: str) -> str:
        title = self.words["by"].format(what=y, by=x)
        return f"chart('scatter', {self.table}, {x!r}, {y!r}, title={title!r})\nresult = describe({self.table})"


def _values_named(said: str, table: TableFacts) -> Iterator[tuple[str, str]]:
    """The columns of words of which the question names a value, with it."""
    words = [name for name in table.columns if name not in table.numbers]
    for row in table.first:
        for name in words:
            value = str(row.get(name, ""))
            if len(value) > 1 and _place(said, fold(value)) >= 0:
                yield name, value


def _named(question: str, columns: Sequence[str]) -> list[str]:
    """The columns a question names, in the order it names them."""
    text = fold(question)
    meant = meanings(question)
    places = {name: _place(text, fold(name)) for name in columns}
    # Which sells least? asks for the sales, too, and after what is named.
    places |= {name: len(text) for name, at in places.items() if at < 0 and meant & meanings(name)}
    return sorted((name for name, at in places.items() if at >= 0), key=lambda name: places[name])


def _place(text: str, name: str) -> int:
    if not name.strip():
        return -1
    if not name.isascii():
        return text.find(name)
    words = [(found.start(), stem(found[0])) for found in re.finditer(r"[a-z0-9]+", text)]
    wanted = [stem(word) for word in re.findall(r"[a-z0-9]+", name)]
    starts = [next((at for at, word in words if likeness(word, one) >= 0.75), -1) for one in wanted]
    return min(starts, default=-1) if starts and min(starts) >= 0 else -1
