"""Opening specifications of 10, 100 and 1,000 operations, as JSON and as YAML, and finding one in them."""

import json
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

from flowloom.kinds.operations import Finder
from flowloom.services.openapi.specification import read_specification

TIMES = 5


def document(count: int) -> dict[str, Any]:
    """A service whose operations have a path, a shared parameter and a body that refers to others and itself."""
    schemas = {
        f"Thing{at}": {
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": {"type": "string", "description": "What it is called"},
                "size": {"type": "integer", "minimum": 0},
                "next": {"$ref": f"#/components/schemas/Thing{(at + 1) % count}"},
                "parent": {"$ref": f"#/components/schemas/Thing{at}"},
            },
        }
        for at in range(count)
    }
    paths = {f"/things{at}/{{id}}": {"post": operation(at)} for at in range(count)}
    shared = {"Limit": {"name": "limit", "in": "query", "schema": {"type": "integer"}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Bench"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": paths,
        "components": {"schemas": schemas, "parameters": shared},
    }


def operation(at: int) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/Thing{at}"}
    return {
        "operationId": f"createThing{at}",
        "summary": f"Create a thing of the kind {at}",
        "tags": [f"group {at % 20}"],
        "parameters": [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
            {"$ref": "#/components/parameters/Limit"},
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {"200": {"description": "done", "content": {"application/json": {"schema": schema}}}},
    }


def median(work: Callable[[], object]) -> float:
    found = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return sorted(found)[TIMES // 2]


def peak(work: Callable[[], object]) -> float:
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def main() -> None:
    import yaml

    print("| operations | JSON, KB | open JSON, ms | open YAML, ms | peak, MB | find one, ms |")
    print("|---:|---:|---:|---:|---:|---:|")
    for count in (10, 100, 1_000):
        text = json.dumps(document(count))
        as_yaml = yaml.dump(document(count), Dumper=yaml.CSafeDumper)
        opened = median(lambda text=text: read_specification(text))  # type: ignore[misc]
        opened_yaml = median(lambda text=as_yaml: read_specification(text))  # type: ignore[misc]
        operations = read_specification(text).operations
        assert len(operations) == count
        wanted = f"create thing kind {count - 1}"
        assert Finder(operations).find(wanted)[0].id == f"createThing{count - 1}"
        found = median(lambda all=operations, words=wanted: Finder(all).find(words))  # type: ignore[misc]
        memory = peak(lambda text=text: read_specification(text))  # type: ignore[misc]
        print(
            f"| {count:,} | {len(text) / 1e3:,.0f} | {opened * 1e3:,.0f} | {opened_yaml * 1e3:,.0f} "
            f"| {memory:,.1f} | {found * 1e3:,.1f} |"
        )
    print("\nMedian of 5. No peer: neither openapi-core nor fastmcp is installed beside us.")


if __name__ == "__main__":
    main()
