"""Questions of a run, answered at a terminal."""

import sys

from flowloom.kinds.people import FormField, Question, Reply
from flowloom.kinds.port import as_text
from flowloom.workspace import Workspace

YES = {"y", "yes", "true", "1"}


def answer_at_terminal(home: Workspace, conversation: str) -> bool:
    """Ask whoever sits there what a run waits for; False where nobody does, or they end their input."""
    waiting = home.questions.open_of(conversation)
    for asked in waiting:
        _show(asked.question)
        if not sys.stdin.isatty():
            return False
        try:
            home.inbox.answer(asked.id, _reply(asked.question))
        except EOFError:
            return False
    return bool(waiting)


def _show(question: Question) -> None:
    parts = (question.title_in("en"), as_text(question.text), question.exact)
    print("\n".join(filter(None, parts)), file=sys.stderr)
    for number, choice in enumerate(question.choices, 1):
        print(f"  {number}  {choice.label_in('en')}", file=sys.stderr)


def _reply(question: Question) -> Reply:
    if question.fields:
        return Reply(values={field.name: _value(field) for field in question.fields})
    while True:
        said = _line("> ")
        if said.isdecimal() and 0 < int(said) <= len(question.choices):
            return Reply(
                choice=question.choices[int(said) - 1].id, comment=_line("Comment: ") if question.remark else ""
            )
        print("Please give the number of a choice.", file=sys.stderr)


def _value(field: FormField) -> str | float | bool:
    while True:
        said = _line(f"{field.name}: ")
        if field.type == "boolean":
            return said.lower() in YES
        if field.type == "text" and (said or not field.required):
            return said
        try:
            return float(said)
        except ValueError:
            if not said and not field.required:
                return ""
            print("Please fill this in." if not said else "Please give a number.", file=sys.stderr)


def _line(prompt: str) -> str:
    # Not by `input`, whose prompt would stand between the answers on standard output.
    print(prompt, end="", file=sys.stderr, flush=True)
    said = sys.stdin.readline()
    if not said:
        raise EOFError
    return said.strip()
