"""What a visitor sees of turns, questions and steps: answers with what they cite, and nothing else of a run."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.values import Attachment, Passage
from flowloom.locales import translate
from flowloom.run.planning.nested_nodes import node_at
from flowloom.run.reading.evidence import cited_in
from flowloom.run.reading.view import RunView
from flowloom.serve.page.visitor_problems import STOPPED, for_visitors
from flowloom.store.questions import Asked
from flowloom.store.runs import ChatTurn

Json = dict[str, Any]

EXCERPT = 700
"""Characters of a cited passage that are shown."""
READS = "reads knowledge"
HEADING = re.compile(r"^#{1,6} +(?=\S)", re.MULTILINE)
"""The signs of a heading of Markdown."""
SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp")
"""What the page shows as a picture; everything else is offered as a file."""


def turn_card(
    turn: ChatTurn,
    flow: Flow,
    view: RunView | None,
    good: bool | None,
    language: str,
    is_saved: bool = False,
) -> Json:
    """One turn; `view` is the run of an answer, `is_saved` whether that was a saved one."""
    card: Json = {"number": turn.number, "role": turn.role, "text": turn.text, "files": files_of(turn)}
    if turn.role == "user":
        return card
    stopped = view is not None and view.state == "cancelled"
    problem = STOPPED if stopped else for_visitors(turn.problem) if turn.problem else None
    said = problem.describe(language) if problem else None
    return card | {
        "run": turn.run_id,
        "good": good,
        "stopped": stopped,
        "saved": is_saved,
        "problem": {"message": said.message, "hint": said.hint} if said else None,
        "sources": sources_of(turn.text, view.passages if view else (), flow),
    }


def files_of(turn: ChatTurn) -> list[Json]:
    """The files of a turn."""
    return [file_card(file) for file in turn.attachments]


def file_card(file: Attachment) -> Json:
    """A file by name and size in bytes."""
    shown = file.media_type in SHOWN
    return {"id": file.id, "name": file.name, "size": file.size, "picture": shown}


def sources_of(text: str, passages: Sequence[Passage], flow: Flow) -> list[Json]:
    """The passages that a text cites; of protected documents only where they are."""
    numbers = sorted(number for number in cited_in(text) if 0 < number <= len(passages))
    return [_source(number, passages[number - 1], flow.protection.knowledge) for number in numbers]


def _source(number: int, passage: Passage, protected: bool) -> Json:
    text = "" if protected else HEADING.sub("", passage.text)
    cut = f"{text[:EXCERPT].rstrip()}…" if len(text) > EXCERPT else text
    page = passage.page if not passage.part else None
    return {
        "number": number,
        "file": passage.file,
        "page": page,
        "part": passage.part,
        "heading": "" if protected else passage.heading,
        "text": cut,
    }


def question_card(asked: Asked, language: str) -> Json:
    """A question with all that is needed to answer it."""
    question = asked.question
    return {
        "id": asked.id,
        "title": question.title_in(language),
        "text": question.text,
        "exact": question.exact,
        "choices": [{"id": each.id, "label": each.label_in(language)} for each in question.choices],
        "fields": [each.model_dump(mode="json") for each in question.fields],
        "deadline": question.deadline,
        "remark": question.remark,
    }


def step_of(view: RunView, flow: Flow, language: str) -> str:
    """What is being done for the answer now, in words that tell nothing of how the GPT is made."""
    running = [name for name, node in view.nodes.items() if node.status == "running"]
    groups = set(_groups(running, flow))
    if "knowledge" in groups:
        return translate("Looking in the documents…", language)
    if "tools" in groups:
        return translate("Using a tool…", language)
    return translate("Thinking…", language)


def _groups(names: Iterable[str], flow: Flow) -> Iterable[str]:
    kinds = all_kinds()
    for name in names:
        node = node_at(flow, kinds, name)
        if node is not None and node.kind in kinds:
            yield "knowledge" if READS in kinds[node.kind].effects else kinds[node.kind].group
