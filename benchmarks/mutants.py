"""Damaged files of every format: `python -m benchmarks.mutants [COUNT] [--seed N]`.

Each is a flow of `benchmarks/fidelity/flows` or a capsule that was cut, had bytes or values changed, parts doubled,
nested or taken away. It has to be read, or be refused in one sentence, within five seconds; all else is printed.
“Placed” are the refusals that name a field, a line or a part. With `--sorts` one value each stands for one of
another sort: then each refusal has to name its place, unless little is left of the file.
"""

import argparse
import copy
import io
import json
import random
import struct
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from benchmarks.fidelity.cases import formats, tried_flows
from flowloom.errors import FlowFileError, FlowloomError
from flowloom.exchange.capsule import Capsule, write_capsule
from flowloom.exchange.contents import Carried, Index, Indexed, Piece, Text, Vectors
from flowloom.exchange.foreign import read_foreign
from flowloom.exchange.source import Source
from flowloom.flow.file import read_flow, write_flow
from flowloom.flow.model import Flow
from flowloom.flow.sorts import sort_of
from flowloom.store.templates import templates

SLOW = 5.0
ODD: tuple[Any, ...] = (None, True, -1, 1e308, "", "x" * 50_000, [], {}, [[]], {"a": {}}, "{{#a.b#}}", "$ref", "☃")
SORTS: tuple[Any, ...] = (None, 5, "x", [], [1], {"a": 1}, True)
PLACES = {"place", "line", "column", "part", "name", "node", "version", "what"}
"""What a refusal says of where."""
Files = dict[str, bytes]


def cut(files: Files, chance: random.Random) -> Files:
    name = chance.choice(list(files))
    return {**files, name: files[name][: chance.randrange(len(files[name]) + 1)]}


def flip(files: Files, chance: random.Random) -> Files:
    name = chance.choice(list(files))
    data = bytearray(files[name])
    for _ in range(chance.randrange(1, 6)):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)
    return {**files, name: bytes(data)}


def drop(files: Files, chance: random.Random) -> Files:
    name = chance.choice(list(files))
    return {each: data for each, data in files.items() if each != name} or files


def reshape(files: Files, chance: random.Random) -> Files:
    """Change values within JSON or YAML; other files have lines changed."""
    name = chance.choice(list(files))
    try:
        document = json.loads(files[name])
        write: Callable[[Any], str] = json.dumps
    except ValueError:
        try:
            document = yaml.safe_load(files[name])
        except (yaml.YAMLError, ValueError):
            document = None
        write = yaml.safe_dump
    if not isinstance(document, dict | list):
        return {**files, name: _lines(files[name], chance)}
    document = copy.deepcopy(document)
    for _ in range(chance.randrange(1, 4)):
        _change(document, chance)
    return {**files, name: write(document).encode("utf-8", "surrogatepass")}


def _change(document: Any, chance: random.Random) -> None:
    place = document
    while isinstance(place, dict | list) and place:
        key = chance.choice(list(place)) if isinstance(place, dict) else chance.randrange(len(place))
        inner = place[key]
        if isinstance(inner, dict | list) and inner and chance.random() < 0.8:
            place = inner
            continue
        match chance.randrange(4):
            case 0:
                place[key] = copy.deepcopy(chance.choice(ODD))
            case 1:
                del place[key]
            case 2 if isinstance(place, list):
                place.append(copy.deepcopy(inner))
            case _:
                place[key] = _nested(inner, chance.randrange(1, 40))
        return


def _nested(value: Any, deep: int) -> Any:
    for _ in range(deep):
        value = [value]
    return value


def _lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    for _ in range(chance.randrange(1, 4)):
        if lines:
            at = chance.randrange(len(lines))
            lines[at : at + 1] = chance.choice(
                ([], [lines[at]] * 2, [b"    " + lines[at]], [lines[at][: len(lines[at]) // 2]])
            )
    return b"".join(lines)


def mistype(files: Files, chance: random.Random) -> Files:
    """One value of another sort; other files stay as they are."""
    names = [name for name in files if name.endswith((".json", ".yaml", ".yml", ".rivet-project"))]
    for name in chance.sample(names, len(names)):
        document = Source(files).json_of(name)
        document = Source(files).yaml_of(name) if document is None else document
        if isinstance(document, dict | list) and document:
            document = copy.deepcopy(document)
            place, key = chance.choice(list(_places(document)))
            place[key] = copy.deepcopy(
                chance.choice([each for each in SORTS if sort_of(each) != sort_of(place[key])])
            )
            return {**files, name: json.dumps(document, default=str).encode()}
    return files


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


MUTATIONS = (cut, flip, drop, reshape, reshape, reshape)


def sources() -> list[tuple[str, Files]]:
    """Every flow of another builder that has cases, and files of ours."""
    found = []
    for format in formats():
        for tried in tried_flows(format):
            found.append((format, dict(Source.of_path(tried.path).files)))
    ours = templates("en")[0].flow
    found.append(("flow file", {"flow.json": write_flow(ours).encode()}))
    found.append(("capsule", {"gpt.capsule": _capsule(ours)}))
    found.append(("search index", {"gpt.capsule": _only_index(ours)}))
    return found


def _capsule(flow: Flow) -> bytes:
    out = io.BytesIO()
    carried = Carried(base="main", name="a.txt", size=5, hash="x")
    write_capsule(out, flow, [(carried, Text(text="Bees."))])
    return out.getvalue()


def _only_index(flow: Flow) -> bytes:
    out = io.BytesIO()
    carried = Carried(base="main", name="a.txt", size=5, hash="x", vectors=Vectors(maker="m/1", size=2))
    index = Index(passages=(Piece(text="Bees."), Piece(text="Wax.", start=6)))
    write_capsule(out, flow, [(carried, Indexed(index, struct.pack("<4f", 0, 1, 1, 0)))])
    return out.getvalue()


def read(format: str, files: Files) -> None:
    """As the app reads it. Raises FlowloomError."""
    if format in ("capsule", "search index"):
        with Capsule(io.BytesIO(files["gpt.capsule"])) as capsule:
            list(capsule.documents())
    elif format == "flow file":
        read_flow(files["flow.json"])
    else:
        flow, report = read_foreign(Source(files))
        read_flow(write_flow(flow))
        report.markdown(flow.name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--sorts", action="store_true")
    call = parser.parse_args()
    chance, known = random.Random(call.seed), sources()
    told: Counter[tuple[str, str]] = Counter()
    wrong: Counter[str] = Counter()
    bare: Counter[str] = Counter()
    slowest = ("", 0.0)
    for number in range(call.count):
        format, files = known[number % len(known)]
        for _ in range(1 if call.sorts else chance.randrange(1, 3)):
            files = (mistype if call.sorts else chance.choice(MUTATIONS))(files, chance)
        started = time.perf_counter()
        try:
            read(format, files)
            told[format, "read"] += 1
        except FlowFileError as error:
            placed = bool(PLACES & error.problem.params.keys())
            told[format, "placed" if placed else "refused"] += 1
            bare[error.problem.message] += not placed
        except FlowloomError as error:
            told[format, "refused"] += 1
            wrong[f"{format}: {type(error).__name__}"] += 1
        except Exception as error:
            told[format, "broke"] += 1
            kept = Path(tempfile.gettempdir()) / f"mutant-{number}"
            wrong[f"{format}: {type(error).__name__}: {str(error)[:120]} ({kept})"] += 1
            for name, data in files.items():
                path = kept / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        took = time.perf_counter() - started
        slowest = max(slowest, (format, took), key=lambda each: each[1])
    print(f"{'format':>15} {'read':>7} {'placed':>8} {'refused':>8} {'broke':>6}")
    for format in dict.fromkeys(format for format, _ in known):
        counts = (told[format, what] for what in ("read", "placed", "refused", "broke"))
        print("{:>15} {:>7} {:>8} {:>8} {:>6}".format(format, *counts))
    print(f"slowest: {slowest[1]:.2f} s ({slowest[0]})")
    for what, count in bare.most_common(20):
        print(f"{count:>5} without a place: {what}")
    for what, count in wrong.most_common(40):
        print(f"{count:>5} {what}")
    sys.exit(bool(wrong) or slowest[1] > SLOW)


if __name__ == "__main__":
    main()
