"""What a run came to, as programs are told it: its text, what it used, and what it waits for."""

from collections.abc import Sequence
from typing import Any

from flowloom.errors import Problem
from flowloom.kinds.people import Question
from flowloom.locales import translate
from flowloom.run.reading.view import RunView
from flowloom.serve.api.errors import BROKEN, ApiError, outward, status_of
from flowloom.store.questions import Asked
from flowloom.workspace import Workspace

Json = dict[str, Any]


def question_facts(asked: Asked, language: str) -> Json:
    """A question of a run: what is asked, which answers there are, and until when."""
    question = asked.question
    return {
        "id": asked.id,
        "title": question.title_in(language),
        "text": "\n\n".join(part for part in (question.text, question.exact) if part),
        "choices": [{"id": each.id, "label": each.label_in(language)} for each in question.choices],
        "fields": [{"name": each.name, "type": each.type, "required": each.required} for each in question.fields],
        "deadline": question.deadline,
    }


def open_questions(home: Workspace, run_id: str, conversation: str) -> list[Asked]:
    """What a program may answer; what is for the owner of the GPT is not among it."""
    return [asked for asked in home.questions.for_guest(conversation) if asked.run == run_id]


def waiting_text(questions: Sequence[Asked], language: str) -> str:
    """What a chat says where its run waits for a person."""
    titles = [_said(asked.question, language) for asked in questions]
    return "\n\n".join([*titles, translate("This waits for an answer before it continues.", language)])


def _said(question: Question, language: str) -> str:
    labels = [each.label_in(language) for each in question.choices]
    parts = (question.title_in(language), question.text, question.exact, " / ".join(labels))
    return "\n\n".join(part for part in parts if part)


def usage_of(view: RunView, *, is_saved: bool = False) -> tuple[int, int] | None:
    """The tokens that were read and written; None where the model does not tell. A saved answer takes none."""
    if is_saved:
        return 0, 0
    read, written = view.usage.input_tokens, view.usage.output_tokens
    return None if read is None or written is None else (read, written)


def extras(view: RunView, language: str, questions: Sequence[Asked] = (), *, is_saved: bool = False) -> Json:
    """What there is to tell beside what OpenAI’s API has a place for; `is_saved` where it is a saved answer."""
    facts: Json = {"run": view.run_id, "status": status_name(view)}
    if is_saved:
        facts["saved_answer"] = True
    if view.passages:
        facts["sources"] = list(dict.fromkeys(passage.place for passage in view.passages))
    if questions:
        facts["questions"] = [question_facts(asked, language) for asked in questions]
    if view.warnings:
        facts["warnings"] = [each.describe(language).message for each in view.warnings]
    return facts


NAMES = {
    "running": "running",
    "paused": "waiting",
    "finished": "completed",
    "failed": "failed",
    "cancelled": "cancelled",
}


def status_name(view: RunView) -> str:
    return NAMES[view.state]


def failure_of(view: RunView) -> Problem | None:
    """Why a run gave no answer; None where it did, or waits."""
    if view.state == "failed":
        return outward(view.problem) if view.problem else BROKEN
    return STOPPED if view.state == "cancelled" else None


def run_error(problem: Problem) -> ApiError:
    """The failure of a run as an answer to a call."""
    return ApiError.of(status_of(problem), problem)


STOPPED = Problem.of("api.stopped", "This run was stopped before it had an answer.", "Send the message again.")
