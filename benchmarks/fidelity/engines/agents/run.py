"""Programs on the Agents SDK, run as they are: jobs in, what came of them out, as `engines/__init__.py` says."""

import importlib.util
import json
import os
import sys
from typing import Any


def nobody(question: dict[str, Any]) -> dict[str, Any]:
    raise RuntimeError("There is nobody to ask.")


def run(number: int, job: dict[str, Any]) -> dict[str, Any]:
    os.environ |= {"OPENAI_API_KEY": job["key"], "MODEL": "m", "MODEL_URL": job["model"]}
    spec = importlib.util.spec_from_file_location(f"program_{number}", job["flow"])
    module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    sys.modules[f"program_{number}"] = module
    try:
        spec.loader.exec_module(module)  # type: ignore[union-attr]
        return {"answer": module.respond(module.flow, job["said"], ask_person=nobody), "error": ""}
    except Exception as error:
        return {"answer": None, "error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    print(json.dumps([run(number, job) for number, job in enumerate(json.load(sys.stdin))]))
