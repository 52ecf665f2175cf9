"""Runs exported programs where Flowloom cannot be imported: a JSON list of jobs in, a JSON list of results out.

A job is `{"program": path, "url": "…", "key": "…", "says": ["…"], "answers": "first" or "last"}`; its result is a
list with `{"answer": "…"}` or `{"error": "…"}` for each message of the one conversation.
"""

import importlib.util
import json
import os
import sys
from typing import Any


class NoFlowloom:
    """Refuses what a program must do without."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if name.split(".")[0] == "flowloom":
            raise ImportError("an exported program may not need Flowloom")


def answering(which: str) -> Any:
    def answer(question: dict[str, Any]) -> dict[str, Any]:
        if "fields" in question:
            return {"values": {field["name"]: field.get("value") or "Ada" for field in question["fields"]}}
        choice = list(question["choices"])[0 if which == "first" else -1]
        return {"choice": choice, "comment": "" if which == "first" else "Shorter, please"}

    return answer


def run(number: int, job: dict[str, Any]) -> list[dict[str, str]]:
    os.environ |= {"OPENAI_API_KEY": job["key"], "MODEL": "openai:m", "MODEL_URL": job["url"]}
    os.environ["LANGSMITH_TRACING"] = "false"
    spec = importlib.util.spec_from_file_location(f"program_{number}", job["program"])
    assert spec is not None and spec.loader is not None  # noqa: PT018
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    history: list[dict[str, str]] = []
    results: list[dict[str, str]] = []
    for said in job["says"]:
        try:
            answer = module.respond(module.flow, said, history, ask_person=answering(job["answers"]))
        except Exception as error:
            results.append({"error": f"{error}", "kind": type(error).__name__})
            continue
        results.append({"answer": answer})
        history += [{"role": "user", "text": said}, {"role": "assistant", "text": answer}]
    return results


if __name__ == "__main__":
    sys.meta_path.insert(0, NoFlowloom())
    jobs = json.load(sys.stdin)
    print(json.dumps([run(number, job) for number, job in enumerate(jobs)]))
