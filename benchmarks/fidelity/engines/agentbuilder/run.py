"""Programs of Agent Builder, run by OpenAI's Agents SDK.

The SDK asks by chat completions, which the scripted model speaks; by default it uses the Responses API, whose
requests hold the same messages. `approval_request` is a stub in every export: here it takes
the answers of the case.
What a program returns is shown as a chat shows it: its `output_text`, the only text in it, or all of it as JSON; a
program that returns nothing shows what its last agent said, as the hosted builder did.
"""

import asyncio
import importlib.util
import json
import sys

import agents
from openai import AsyncOpenAI

agents.set_tracing_disabled(True)
agents.set_default_openai_api("chat_completions")


def shown(result, last):
    if result is None:
        result = last
    if isinstance(result, dict):
        if "output_text" in result:
            result = result["output_text"]
        elif len(result) == 1:
            result = next(iter(result.values()))
    if result is None or isinstance(result, str):
        return result
    plain = result.model_dump() if hasattr(result, "model_dump") else result
    return json.dumps(plain, separators=(",", ":"), ensure_ascii=False)


async def run(job):
    client = AsyncOpenAI(base_url=job["model"], api_key=job["key"], max_retries=0)
    agents.set_default_openai_client(client, use_for_tracing=False)
    last = []
    original = agents.Runner.run

    async def watched(*args, **kwargs):
        result = await original(*args, **kwargs)
        final = result.final_output
        last.append(final.model_dump() if hasattr(final, "model_dump") else final)
        return result

    agents.Runner.run = watched
    answers = list(job["answers"])
    try:
        spec = importlib.util.spec_from_file_location("program", job["flow"])
        program = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(program)
        space = vars(program)
        for name in [name for name in space if name.startswith("approval_request")]:
            space[name] = lambda message: answers.pop(0) in ("Approve", "approved")
        result = await space["run_workflow"](space["WorkflowInput"](input_as_text=job["said"]))
        return {"answer": shown(result, last[-1] if last else None), "error": ""}
    except Exception as error:
        return {"answer": None, "error": f"{type(error).__name__}: {error}"}
    finally:
        agents.Runner.run = original


async def run_all(jobs):
    return [await run(job) for job in jobs]


print(json.dumps(asyncio.run(run_all(json.load(sys.stdin)))))
