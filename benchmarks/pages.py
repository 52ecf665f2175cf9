"""How long the pages take where little and where much is kept: `python -m benchmarks.pages`."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from streamlit.testing.v1 import AppTest

from flowloom import workspace as module
from flowloom.flow.edit import Add, Connect
from flowloom.flow.model import Flow, Node, Position
from flowloom.run.events import NodeFinished, NodeStarted, RunFinished, RunStarted
from flowloom.run.reading.view import view_of
from flowloom.serve.cards import snapshot
from flowloom.workspace import Workspace

TIMES = 7
SMALL, LARGE = {"gpts": 10, "runs": 10}, {"gpts": 300, "runs": 5_000}
BLOCKS = (10, 500)


def home_page() -> None:
    from flowloom.ui.pages import home

    home.show()


def runs_page() -> None:
    from flowloom.ui.pages import runs

    runs.show()


def inbox_page() -> None:
    from flowloom.ui.pages import inbox

    inbox.show()


def build_page() -> None:
    from flowloom.ui.pages import build

    build.show()


def conversations_page() -> None:
    import streamlit as st

    from flowloom.ui.chat.conversations import draw_conversations

    draw_conversations(st.session_state["gpt"])


def fill(home: Workspace, gpts: int, runs: int) -> str:
    """Keep so many GPTs and runs, those of one conversation each; returns the id of the first GPT."""
    flows = [home.flows.create(chain(3, f"GPT {number}")) for number in range(gpts)]
    with home.runs.whole():
        for number in range(runs):
            keep_run(home, flows[number % min(gpts, 10)].id, number)
    return flows[0].id


def keep_run(home: Workspace, flow_id: str, number: int) -> None:
    run, conversation, at = uuid4().hex, home.runs.new_conversation(flow_id), time.time() - number
    question, answer = f"Question {number}", f"The answer to question {number}. " * 5
    home.runs.add_turn(conversation, "user", question, run_id=run)
    facts: dict[str, Any] = {"run_id": run, "at": at}
    events = [
        RunStarted(seq=0, flow_id=flow_id, message=question, nodes=1, **facts),
        NodeStarted(seq=1, node="n0", inputs={"x": question}, **facts),
        NodeFinished(seq=2, node="n0", outputs={"y": answer}, answer=answer, seconds=0.5, **facts),
        RunFinished(seq=3, **facts),
    ]
    home.runs.append_all(events, conversation)
    home.runs.add_answer(view_of(events), conversation)
    home.runs.tell(view_of(events))


def chain(blocks: int, name: str) -> Flow:
    """A message, prompts one after the other, and the answer."""
    from flowloom.flow.edit import apply

    kinds = ["chat.message", *["prompt"] * (blocks - 2), "chat.answer"]
    flow = Flow(name=name)
    for number, kind in enumerate(kinds):
        config = {"template": "{{x}}"} if kind == "prompt" else {}
        place = Position(x=260 * (number % 20), y=160 * (number // 20))
        flow = apply(flow, Add(node=Node(id=f"n{number}", kind=kind, config=config), at=place))
    ports = {"chat.message": ("", "message"), "prompt": ("x", "prompt"), "chat.answer": ("text", "")}
    for number in range(blocks - 1):
        ends = {
            "from": f"n{number}.{ports[kinds[number]][1]}",
            "to": f"n{number + 1}.{ports[kinds[number + 1]][0]}",
        }
        flow = apply(flow, Connect.model_validate({"op": "connect", **ends}))
    return flow


def page_seconds(page: Callable[[], None], **state: object) -> float:
    """The median of some visits, after one that fills the caches."""
    times = []
    for visit in range(TIMES + 1):
        app = AppTest.from_function(page, default_timeout=120)
        for key, value in {"language": "en", **state}.items():
            app.session_state[key] = value
        began = time.perf_counter()
        app.run()
        if visit:
            times.append(time.perf_counter() - began)
        assert not app.exception, app.exception
    return statistics.median(times)


def in_a_home(**much: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FLOWLOOM_HOME"] = folder
        module.workspace.cache_clear()
        home = module.workspace()
        flow_id = fill(home, **much)
        home.backups.close()  # the daily copy would be made beside the first visits
        found = {
            "My GPTs": page_seconds(home_page),
            "Runs": page_seconds(runs_page),
            "Inbox": page_seconds(inbox_page),
            "Conversations": page_seconds(conversations_page, gpt=flow_id),
            "Build": page_seconds(build_page, gpt=flow_id),
        }
        home.close()
    return found


def of_a_flow(blocks: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FLOWLOOM_HOME"] = str(Path(folder))
        module.workspace.cache_clear()
        home = module.workspace()
        flow_id = home.flows.create(chain(blocks, "Chain")).id
        document = home.editor.open(flow_id)
        times = []
        for _ in range(TIMES):
            began = time.perf_counter()
            snapshot(document, "en")
            times.append(time.perf_counter() - began)
        found = {"Build, one flow": page_seconds(build_page, gpt=flow_id), "Canvas data": statistics.median(times)}
        home.close()
    return found


def told(title: str, small: dict[str, float], large: dict[str, float]) -> None:
    print(title)
    for name, seconds in small.items():
        print(f"  {name:<18}{seconds * 1000:8.0f} ms {large[name] * 1000:8.0f} ms {large[name] / seconds:6.2f} x")


def main() -> None:
    titles = f"{SMALL['runs']} runs, {SMALL['gpts']} GPTs | {LARGE['runs']} runs, {LARGE['gpts']} GPTs"
    told(titles, in_a_home(**SMALL), in_a_home(**LARGE))
    told(f"{BLOCKS[0]} blocks | {BLOCKS[1]} blocks", of_a_flow(BLOCKS[0]), of_a_flow(BLOCKS[1]))


if __name__ == "__main__":
    main()
