"""A run as programs are told of it."""

from flowloom.run.reading.view import RunView
from flowloom.saved_answers import saved_answer_of
from flowloom.serve.api.conversations import CONVERSATION
from flowloom.serve.api.errors import error_body, status_of
from flowloom.serve.api.gate import Call, Json
from flowloom.serve.api.results import failure_of, open_questions, question_facts, status_name, usage_of
from flowloom.serve.plain_page import browser_language
from flowloom.store.api_runs import ApiRun


def run_facts(call: Call, run: ApiRun, model: str) -> Json:
    """A run as it is told: state, answer, files, tokens and cost, what it waits for, or what went wrong."""
    home, language = call.home, browser_language(call.request)
    view = home.runner.view(run.run) or RunView(state="running")
    failure = failure_of(view)
    questions = open_questions(home, run.run, run.conversation) if view.state == "paused" else []
    is_saved = saved_answer_of(home.runs, view) is not None
    used, cost = usage_of(view, is_saved=is_saved), 0.0 if is_saved else view.usage.cost
    return {
        "id": run.run,
        "object": "run",
        "model": model,
        "status": "interrupted" if _is_interrupted(call, run, view) else status_name(view),
        "created": int(run.at),
        "ended": view.ended if view.state not in ("running", "paused") else None,
        "conversation": CONVERSATION + run.conversation,
        "text": view.text,
        "saved_answer": is_saved,
        "files": [
            {"id": file.id, "name": file.name, "media_type": file.media_type, "size": file.size}
            for file in home.runs.files_of(run.run, run.conversation)
        ],
        "sources": list(dict.fromkeys(passage.place for passage in view.passages)),
        "questions": [question_facts(each, language) for each in questions],
        "usage": {"input_tokens": used[0], "output_tokens": used[1], "cost": cost} if used else None,
        "error": error_body(failure, status_of(failure), language)["error"] if failure else None,
    }


def _is_interrupted(call: Call, run: ApiRun, view: RunView) -> bool:
    """Whether the process of a run ended before it did, and what it was doing may have been done already."""
    if view.state != "cancelled" or view.ended is None:
        return False
    return run.run in call.home.runs.unfinished(run.conversation) and not call.home.runner.is_running(run.run)
