"""Lets schemathesis ask our API whatever its OpenAPI document allows, about a GPT and a run that are there.

`python -m benchmarks.serve.schema [EXAMPLES]`; schemathesis lives in the environment of the peers.
"""

import json
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from benchmarks.serve.__main__ import BENCH, ROOT, Target, model_server, target

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
PROGRAM = BENCH.with_name("st")


def main() -> None:
    examples = sys.argv[1] if len(sys.argv) > 1 else "25"
    with model_server() as model, target("ours", "chain", model) as found, tempfile.TemporaryDirectory() as folder:
        file, root = Path(folder) / "openapi.json", found.url.removesuffix("/v1/chat/completions")
        file.write_text(json.dumps(filled_in(found, root)))
        said = [str(PROGRAM), "run", str(file), "--url", root, "--checks", CHECKS, "--max-examples", examples]
        headers = [part for line in found.headers for part in ("-H", line)]
        sys.exit(subprocess.run([*said, *headers, "--request-timeout", "20"], cwd=ROOT).returncode)


def filled_in(found: Target, root: str) -> dict[str, Any]:
    """The document with the name of the GPT and the ids of a run in it, so that calls get past them."""
    document = call(f"{root}/v1/openapi.json", found)
    run = call(f"{root}/v1/runs", found, {"model": found.model, "message": "Hello"})["id"]
    ids = {"model": found.model, "run": run, "response": f"resp_{run}"}
    for methods in document["paths"].values():
        for told in methods.values():
            for each in told["parameters"]:
                if each["name"] in ids:
                    each["schema"] = {"enum": [ids[each["name"]], "none"]}
            body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            if "model" in body.get("properties", {}):
                body["properties"]["model"] = {"const": found.model}
    return dict(document)


def call(url: str, found: Target, body: Any = None) -> Any:
    said = dict(line.split(": ", 1) for line in found.headers) | {"Content-Type": "application/json"}
    data = json.dumps(body).encode() if body is not None else None
    return json.loads(urllib.request.urlopen(urllib.request.Request(url, data, said), timeout=30).read())


if __name__ == "__main__":
    main()
