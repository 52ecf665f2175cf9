"""GPTs that are like others: families of nearly the same description, and names that look like a known one."""

from collections import Counter
from collections.abc import Iterator

from flowloom.insights.answer import Answer
from flowloom.insights.selection import Selection
from flowloom.insights.table import Table

HASHES, BANDS = 8, 4
LEAST = 0.7
"""Share of runs of words that two descriptions have in common."""
WORDS, RUN = 45, 3
"""Words of a description that are compared, and those of a run."""
MOST_IN_BUCKET = 500
"""Descriptions of one bucket that are compared with its first."""
SHOWN = 200
TIMES = 10
_LOOK_ALIKE = ("аеорсухіѕԁοαν", "aeopcyxisdoav")
"""Cyrillic and Greek letters, and the Latin ones that they are taken for."""

TOKENS = (
    "list_slice(string_split(lower(description), CASE WHEN contains(description, ' ') THEN ' ' ELSE '' END), 1, "
    f"{WORDS})"
)
"""The words of a description; its letters where no spaces part words."""

HASHED = f"list_transform(range(1, len(t) - {RUN - 2}), lambda i: hash(t[i], t[i + 1], t[i + 2]))"
"""A number for each run of three of those."""


def families(table: Table, chosen: Selection) -> "Answer":
    """Groups of at least two GPTs whose descriptions are nearly the same, the largest first."""
    condition, values = chosen.sql()
    table.ask(
        "CREATE OR REPLACE TEMP TABLE texts AS SELECT min(id) AS id, list(id) AS ids, description FROM gpts "
        f"WHERE {condition} AND length(description) >= 20 GROUP BY description",
        values,
    )
    parents = dict[int, int]()
    for one, other in _near(table):
        _join(parents, one, other)
    groups = Counter[int]()
    known = {id: len(ids) for id, ids in table.ask("SELECT id, ids FROM texts WHERE len(ids) > 1")}
    for id in {*parents, *known}:
        groups[_root(parents, id)] += known.get(id, 1)
    rows = _told(table, groups)
    table.ask("DROP TABLE texts")
    found = {root: size for root, size in groups.items() if size > 1}
    return Answer(
        ("Name", "Description", "GPTs"), rows, {"Families": len(found), "GPTs in families": sum(found.values())}
    )


def _near(table: Table) -> Iterator[tuple[int, int]]:
    """Pairs whose runs of words are mostly the same."""
    table.ask(
        f"CREATE OR REPLACE TEMP TABLE runs AS SELECT id, unnest({HASHED}) AS h "
        f"FROM (SELECT id, {TOKENS} AS t FROM texts) WHERE len(t) > {RUN}"
    )
    mins = ", ".join(f"min(hash(h, {number})) AS m{number}" for number in range(HASHES))
    table.ask(f"CREATE OR REPLACE TEMP TABLE sketches AS SELECT id, {mins} FROM runs GROUP BY id")
    wide = HASHES // BANDS
    bands = [
        f"SELECT id, {band} AS band, hash({', '.join(f'm{band * wide + at}' for at in range(wide))}) AS b "
        "FROM sketches"
        for band in range(BANDS)
    ]
    table.ask(
        "CREATE OR REPLACE TEMP TABLE pairs AS SELECT DISTINCT first AS one, id AS other FROM ("
        "SELECT id, min(id) OVER bucket AS first, row_number() OVER (PARTITION BY band, b ORDER BY id) AS place "
        f"FROM ({' UNION ALL '.join(bands)}) WINDOW bucket AS (PARTITION BY band, b)) "
        f"WHERE first <> id AND place <= {MOST_IN_BUCKET}"
    )
    found = table.ask(
        "WITH named AS (SELECT one AS id FROM pairs UNION SELECT other FROM pairs), "
        f"lists AS (SELECT id, list_distinct({HASHED}) AS h FROM (SELECT id, {TOKENS} AS t FROM texts "
        "WHERE id IN (SELECT id FROM named))), "
        "compared AS (SELECT one, other, len(list_intersect(a.h, b.h)) AS shared, len(a.h) + len(b.h) AS every "
        "FROM pairs JOIN lists a ON a.id = one JOIN lists b ON b.id = other) "
        f"SELECT one, other FROM compared WHERE shared >= {LEAST} * (every - shared)"
    )
    for name in ("runs", "sketches", "pairs"):
        table.ask(f"DROP TABLE {name}")
    yield from found


def _join(parents: dict[int, int], one: int, other: int) -> None:
    a, b = _root(parents, one), _root(parents, other)
    parents[max(a, b)] = min(a, b)
    parents.setdefault(min(a, b), min(a, b))


def _root(parents: dict[int, int], id: int) -> int:
    while parents.get(id, id) != id:
        parents[id] = parents.get(parents[id], parents[id])
        id = parents[id]
    return id


def _told(table: Table, groups: Counter[int]) -> list[tuple[object, ...]]:
    largest = [(root, size) for root, size in groups.most_common(SHOWN) if size > 1]
    said = {
        id: (title, description)
        for id, title, description in table.ask(
            "SELECT id, title, substr(description, 1, 200) FROM gpts WHERE id IN (SELECT unnest(?::BIGINT[]))",
            [[root for root, _ in largest]],
        )
    }
    return [(*said[root], size) for root, size in largest]


def impersonation(table: Table, chosen: Selection) -> "Answer":
    """GPTs with the name of one that is used much more and is somebody else's."""
    condition, values = chosen.sql()
    latin = f"translate(lower(title), '{_LOOK_ALIKE[0]}', '{_LOOK_ALIKE[1]}')"
    letters = f"CASE WHEN strlen(title) > length(title) THEN {latin} ELSE lower(title) END"
    plain = f"regexp_replace({letters}, '[^\\p{{L}}\\p{{N}}]+', '', 'g')"
    named = (
        f"WITH named AS (SELECT id, title, author, coalesce(conversations, 0) AS c, {plain} AS plain FROM gpts "
        f"WHERE {condition} AND author IS NOT NULL), "
        "known AS (SELECT plain, arg_max(id, c) AS id, max(c) AS c FROM named WHERE length(plain) >= 4 "
        "GROUP BY plain HAVING count(*) > 1), "
        "found AS (SELECT n.title, n.author, n.c, o.title AS known, o.author AS whose, o.c AS much FROM named n "
        "JOIN known k ON k.plain = n.plain JOIN named o ON o.id = k.id "
        f"WHERE n.author <> o.author AND o.c >= {TIMES} * greatest(n.c, 1))"
    )
    rows = table.ask(
        f"{named} SELECT *, count(*) OVER () FROM found ORDER BY much DESC, c DESC LIMIT {SHOWN}", values
    )
    count = rows[0][-1] if rows else 0
    columns = ("Name", "Author", "Conversations", "Looks like", "Its author", "Its conversations")
    return Answer(columns, [row[:-1] for row in rows], {"Found": count})
