"""A table of GPTs in the shape of a public crawl, made up, with facts in it that Insights has to find.

python -m benchmarks.crawl 350000 crawl.parquet
"""

import csv
import random
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

TITLES = ("title", "description", "author", "categories", "tools", "prompt_starters", "created_at",
          "num_conversations", "rating", "num_ratings")  # fmt: skip
CATEGORIES = {
    "productivity": 0.30,
    "education": 0.22,
    "programming": 0.16,
    "writing": 0.14,
    "lifestyle": 0.10,
    "": 0.08,
}
LANGUAGES = {"en": 0.62, "zh": 0.14, "fr": 0.09, "es": 0.06, "de": 0.05, "ja": 0.04}
TOOLS = {"browser": 0.55, "dalle": 0.45, "python": 0.30, "actions": 0.08}
LINKED = {"https://patreon.com/maker": 0.02, "https://gumroad.com/l/thing": 0.01, "https://example.com": 0.05}
ZIPF, TOP = 1.1, 5_000_000
WORDS = {
    "en": "helps you with the {a} of your {b} and explains {c} for {d} in a clear way that is easy to use",
    "fr": "vous aide avec les {a} de votre {b} et explique {c} pour {d} dans un style clair et simple",
    "es": "te ayuda con los {a} de tu {b} y explica {c} para {d} en un estilo claro y sencillo",
    "de": "hilft dir mit den {a} und der {b} und erklärt {c} für {d} auf eine klare und einfache Art",
    "zh": "帮助你处理{a}和{b}，并以清晰的方式为{d}解释{c}",
    "ja": "あなたの{a}と{b}を助け、{d}のために{c}をわかりやすく説明します",
}
BEGINS, ENDS = (
    "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu".split(),
    "lar mon tek vis dor pan quel".split(),
)


@dataclass(frozen=True, slots=True)
class Planted:
    """What is true of a table."""

    rows: int
    categories: dict[str, float]
    languages: dict[str, float]
    tools: dict[str, float]
    years: dict[str, int]
    gini: float
    zipf: float
    one_gpt_authors: float
    families: int
    in_families: int
    impersonators: int
    linked: float
    correlation: float


def word(rnd: random.Random) -> str:
    return rnd.choice(BEGINS) + rnd.choice(BEGINS) + rnd.choice(ENDS)


def make(path: Path, rows: int, seed: int = 7) -> Planted:
    """Write the table (CSV, JSON Lines or Parquet by its ending) and tell what is in it."""
    rnd, numbers = random.Random(seed), np.random.default_rng(seed)
    table = [_row(rnd, at) for at in range(rows)]
    uses = np.maximum(1, np.round(TOP / np.arange(1, rows + 1) ** ZIPF)).astype(int)
    numbers.shuffle(uses)
    stars = np.clip(3 + 0.25 * np.log10(uses) + numbers.normal(0, 0.4, rows), 1, 5).round(2)
    for row, use, star in zip(table, uses.tolist(), stars.tolist(), strict=True):
        row |= {"num_conversations": use, "rating": star, "num_ratings": max(1, use // 50)}
    authors = _authors(rnd, table)
    families, members = _families(rnd, table)
    fakes = _impersonators(rnd, table, uses)
    _write(path, table)
    rated = np.array([row["rating"] for row in table])
    return Planted(
        rows=rows,
        categories=_shares(row["categories"] for row in table),
        languages=_shares(row.pop("_language") for row in table),
        tools={tool: sum(tool in row["tools"].split("|") for row in table) / rows for tool in TOOLS},
        years=dict(Counter(row["created_at"][:4] for row in table)),
        gini=_gini(uses),
        zipf=ZIPF,
        one_gpt_authors=authors,
        families=families,
        in_families=members,
        impersonators=fakes,
        linked=sum("https://" in row["description"] for row in table) / rows,
        correlation=float(np.corrcoef(np.log10(uses), rated)[0, 1]),
    )


def _row(rnd: random.Random, at: int) -> dict[str, Any]:
    language = _pick(rnd, LANGUAGES)
    said = WORDS[language].format(a=word(rnd), b=word(rnd), c=word(rnd), d=word(rnd))
    about = f"{word(rnd)} {word(rnd)} {said} {word(rnd)} {word(rnd)} {word(rnd)}"
    link = next((site for site, share in LINKED.items() if rnd.random() < share), "")
    day = date(2023, 11, 1) + timedelta(days=int(rnd.triangular(0, 900, 120)))
    return {
        "title": f"{word(rnd).title()} {word(rnd).title()} {at}",
        "description": f"{about} {link}".strip(),
        "categories": _pick(rnd, CATEGORIES),
        "tools": "|".join(tool for tool, share in TOOLS.items() if rnd.random() < share),
        "prompt_starters": "||".join(word(rnd) for _ in range(rnd.randint(0, 4))),
        "created_at": day.isoformat(),
        "_language": language,
    }


def _authors(rnd: random.Random, table: list[dict[str, Any]]) -> float:
    """Seven in ten authors have one GPT, the others up to thirty; which share has one."""
    at, sizes = 0, []
    while at < len(table):
        size = 1 if rnd.random() < 0.7 else rnd.randint(2, 30)
        for row in table[at : at + size]:
            row["author"] = f"author {len(sizes)}"
        sizes.append(len(table[at : at + size]))
        at += size
    return sizes.count(1) / len(sizes)


def _families(rnd: random.Random, table: list[dict[str, Any]]) -> tuple[int, int]:
    """One in five hundred is copied a few times with a word changed; how many families, and rows in them."""
    free, families, members = list(range(len(table))), 0, 0
    rnd.shuffle(free)
    while families < max(2, len(table) // 500):
        group = [free.pop() for _ in range(rnd.randint(3, 8))]
        stem = [word(rnd) for _ in range(34)]
        for at in group:
            changed = list(stem)
            changed[rnd.choice((0, -1))] = word(rnd)
            table[at] |= {"description": "the " + " ".join(changed) + " for you and your team"}
            table[at]["_language"] = "en"
        families, members = families + 1, members + len(group)
    return families, members


def _impersonators(rnd: random.Random, table: list[dict[str, Any]], uses: Any) -> int:
    """Some bear the name of one that is used a thousand times more, written a little otherwise."""
    by_use = np.argsort(-uses)
    known, unknown = by_use[: max(3, len(table) // 2_000)], by_use[len(table) // 2 :]
    for original, fake in zip(known.tolist(), unknown.tolist(), strict=False):
        table[fake]["title"] = table[original]["title"].upper().replace(" ", rnd.choice(("-", " ", "_")))
    return len(known)


def _gini(values: Any) -> float:
    ordered = np.sort(values).astype(float)
    rank = np.arange(1, len(ordered) + 1)
    return float((2 * (rank * ordered).sum() / ordered.sum() - (len(ordered) + 1)) / len(ordered))


def _pick(rnd: random.Random, shares: dict[str, float]) -> str:
    return rnd.choices(list(shares), list(shares.values()))[0]


def _shares(values: Any) -> dict[str, float]:
    counts = Counter(values)
    return {name: count / counts.total() for name, count in counts.items()}


def _write(path: Path, table: list[dict[str, Any]]) -> None:
    import json

    if path.suffix == ".jsonl":
        with path.open("w", encoding="utf-8") as file:
            for row in table:
                file.write(json.dumps({name: row[name] for name in TITLES}, ensure_ascii=False) + "\n")
        return
    whole = path if path.suffix == ".csv" else path.with_suffix(".csv")
    with whole.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, TITLES, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(table)
    if whole != path:
        import duckdb

        duckdb.sql(f"COPY (SELECT * FROM read_csv('{whole}')) TO '{path}' (FORMAT parquet)")
        whole.unlink()


if __name__ == "__main__":
    print(make(Path(sys.argv[2]), int(sys.argv[1])))
