"""`python -m benchmarks.answers [--show] [TEMPLATE …]`: how many answers serve the person, with no model but ours.

Each of the templates is sent three messages (or conversations) in each language, from `benchmarks/messages/`,
written by what people say and not by what the rules can do. An answer serves the person if

1. the run ends with an answer: no error, nothing empty, no dead end;
2. it shows nothing of what the builder wrote for a model: no sentence of the GPT's or a block's instructions or
   of a prompt that a model reads, and nothing internal (braces, JSON, names of tools or ports);
3. it is no echo: neither “You wrote: …”, nor the words of the message and no others, but for a table made of them;
4. it addresses the message: it has all that the message lists, and none of what it rules out;
5. where only a real model could do it, it says so, in no sentence twice, with the shape of a good answer; where
   rules can do it, it is done.

The other tables are of descriptions of a GPT: how often something about what was asked is among the templates that
are offered for it. Those of `more_wishes.toml` were written after the rules for words.
"""

import argparse
import json
import os
import re
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from flowloom.flow.model import Flow
from flowloom.kinds.people import Question, Reply
from flowloom.kinds.registry import all_kinds
from flowloom.store.nearest import find_nearest
from flowloom.store.templates import Template, templates
from flowloom.words import fold, raw_words, sentences
from flowloom.workspace import Workspace, open_workspace

LANGUAGES = ("en", "fr", "zh")
MESSAGES = Path(__file__).parent / "messages"
HONEST = {
    "en": re.compile(r"real model|[Hh]ere a model would"),
    "fr": re.compile(r"vrai modèle|[Ii]ci, un modèle"),
    "zh": re.compile(r"真正的模型|模型会在这里"),
}
NOTE = re.compile(r"\((?:Practice model|Modèle d’essai)[^)]*\)|（练习模型[^）]*）")
ECHO = re.compile(r"You wrote:|Vous avez écrit|您写道|My instructions:|Mes consignes|我的指示")
INTERNAL = re.compile(r"\{\{|\{\"|\}\}|time_zone|\w+_\w+_\w+|Traceback")
LONG = {"en": 24, "fr": 24, "zh": 9}
"""Characters from which a sentence of the builder is told from a usual phrase."""


class Told(NamedTuple):
    """One message, the answer, and why that does not serve; "" where it does."""

    said: str
    answer: str
    fault: str


def main() -> None:
    parsed = argparse.ArgumentParser()
    parsed.add_argument("--show", action="store_true", help="print every message with its answer")
    parsed.add_argument("only", nargs="*", help="templates by id")
    given = parsed.parse_args()
    _print_answers(set(given.only), show=given.show)
    if not given.only:
        print("Descriptions of a GPT, and whether a template that fits is offered:\n")
        for name in ("wishes", "more_wishes"):
            _print_wishes(name, show=given.show)


def _print_answers(only: set[str], *, show: bool) -> None:
    table: dict[str, dict[str, list[Told]]] = {}
    for language in LANGUAGES:
        messages = tomllib.loads((MESSAGES / f"{language}.toml").read_text("utf-8"))
        for template in templates(language):
            if not only or template.id in only:
                told = [alone(template, case, language) for case in messages[template.id]]
                table.setdefault(template.id, {})[language] = told
    if show:
        for id, by_language in table.items():
            for told in (told for each in by_language.values() for told in each):
                print(f"\n## {id} · {told.fault or 'serves'}\n> {told.said}\n\n{told.answer}", file=sys.stderr)
    print("| answers that serve the person | " + " | ".join(LANGUAGES) + " |\n|---|" + "---:|" * len(LANGUAGES))
    for id, by_language in table.items():
        cells = (f"{_served(told)} of {len(told)}" for told in by_language.values())
        print(f"| {id} | " + " | ".join(cells) + " |")
    columns = [[told for by_language in table.values() for told in by_language[each]] for each in LANGUAGES]
    print("| **all** | " + " | ".join(f"{_served(told)} of {len(told)}" for told in columns) + " |")
    everything = [told for column in columns for told in column]
    print(f"\n{_served(everything)} of {len(everything)} serve ({_served(everything) / len(everything):.0%}).\n")


def _served(told: list[Told]) -> int:
    return sum(not each.fault for each in told)


def alone(template: Template, case: Mapping[str, Any], language: str) -> Told:
    """One message in an installation of its own: what is remembered of a person stays out of the next."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FLOWLOOM_HOME"] = folder
        home = open_workspace()
        try:
            return judged(home, template, case, language)
        finally:
            home.close()


def judged(home: Workspace, template: Template, case: Mapping[str, Any], language: str) -> Told:
    """What one message came to, and the first rule that its answer breaks."""
    messages = [case["say"]] if isinstance(case["say"], str) else case["say"]
    flow = home.intake.create_from_template(template)
    conversation = home.runs.new_conversation(flow.id)
    state, text = "finished", ""
    for message in messages:
        run = home.runner.start(flow, message, conversation, language=language)
        state, text = _ended(home, run)
    return Told(messages[-1], text, _fault(flow, messages[-1], text, state, case, language))


def _ended(home: Workspace, run: str) -> tuple[str, str]:
    """The state and the answer of a run, with everything agreed to that it asks."""
    home.runner.finished(run)
    for _ in range(2000):
        for asked in home.questions.open():
            home.inbox.answer(asked.id, _agreed(asked.question))
        view = home.runner.view(run)
        if view and view.state not in ("paused", "running"):
            return view.state, view.text
        time.sleep(0.01)
    return "stuck", ""


def _agreed(question: Question) -> Reply:
    """The first choice; a form goes as it is filled in, and what is empty gets a dash."""
    given = {field.name: getattr(field, "value", None) or "—" for field in question.fields}
    return Reply(choice=question.choices[0].id if question.choices else "", values=given)


def _fault(flow: Flow, message: str, text: str, state: str, case: Mapping[str, Any], language: str) -> str:
    """The first rule that an answer breaks, "" for none."""
    if state != "finished" or not text.strip():
        return f"no answer ({state})"
    if ECHO.search(text) or _only_repeats(text, message):
        return "echo"
    return (
        _shows_too_much(flow, message, text, language)
        or _misses(text, case)
        or _pretends(text, language, bool(case.get("model")))
    )


def _shows_too_much(flow: Flow, message: str, text: str, language: str) -> str:
    if found := INTERNAL.search(text):
        return f"internal: {found[0]}"
    told = (sentence for sentence in builders_words(flow) if len(sentence) >= LONG[language])
    shown = (each for each in told if _plain(each) in _plain(text) and _plain(each) not in _plain(message))
    return next((f"builder’s words: {each}" for each in shown), "")


def _misses(text: str, case: Mapping[str, Any]) -> str:
    bare = _plain(text)
    for wanted in case.get("has", ()):
        if not any(_plain(each) in bare for each in _dated(wanted).split("|") if each.strip()):
            return f"lacks: {wanted}"
    return next((f"has: {each}" for each in case.get("not", ()) if _plain(each) in bare), "")


def _pretends(text: str, language: str, needs_model: bool) -> str:
    honest = [each for each in sentences(NOTE.sub("", text)) if HONEST[language].search(each)]
    if bool(honest) != needs_model or len(set(honest)) < len(honest):
        return f"says {len(honest)} times that a model is needed"
    return ""


def _plain(text: str) -> str:
    return " ".join(fold(text).split())


def _only_repeats(text: str, message: str) -> bool:
    """Whether an answer is the message with nothing taken out, nothing put to it, and no table made of it."""
    return "|" not in text and raw_words(NOTE.sub("", text)) == raw_words(message)


def _dated(wanted: str) -> str:
    """With the days of a message put in place, as 2027-08-14: `{tomorrow}`, `{next 08-14}`, and `{year}`."""
    today = date.today()
    wanted = wanted.replace("{year}", str(today.year)).replace("{tomorrow}", str(today + timedelta(days=1)))
    for found in re.findall(r"\{next (\d\d-\d\d)\}", wanted):
        this_year = date.fromisoformat(f"{today.year}-{found}")
        day = this_year if this_year >= today else this_year.replace(year=today.year + 1)
        wanted = wanted.replace(f"{{next {found}}}", day.isoformat())
    return wanted


def builders_words(flow: Flow) -> Iterator[str]:
    """The sentences that were written for a model, in the flow and in those within it."""
    texts = [flow.instructions]
    kinds = all_kinds()
    reads = {edge.start.node for edge in flow.edges if _asks_model(flow, edge.end.node)}
    for node in flow.nodes:
        kind = kinds[node.kind]
        texts.append(str(node.config.get("instructions", "")))
        if node.kind == "prompt" and node.id in reads | _before(flow, reads):
            texts += re.split(r"\{\{[^}]*\}\}", str(node.config.get("template", "")))
        if inner := kind and node.config.get("flow"):
            yield from builders_words(Flow.model_validate(inner))
    for text in texts:
        yield from (sentence for line in text.splitlines() for sentence in sentences(line))


def _asks_model(flow: Flow, id: str) -> bool:
    node = flow.node(id)
    return node is not None and node.kind in ("model", "agent")


def _before(flow: Flow, ids: set[str]) -> set[str]:
    """Those that lead to merges before a model."""
    merges = {id for id in ids if (node := flow.node(id)) and node.kind == "merge"}
    return {edge.start.node for edge in flow.edges if edge.end.node in merges}


def _print_wishes(name: str, *, show: bool) -> None:
    wishes = tomllib.loads((MESSAGES / f"{name}.toml").read_text("utf-8"))
    print(f"| {name} | first | among those offered | rightly nothing |\n|---|---:|---:|---:|")
    everything = []
    for language, cases in wishes.items():
        found = [[near.template.id for near in find_nearest(case["say"], language)] for case in cases]
        pairs = [(ids, case["near"]) for ids, case in zip(found, cases, strict=True)]
        _print_offered(language, pairs)
        everything += pairs
        if show:
            told = [(case["say"], ids) for case, ids in zip(cases, found, strict=True)]
            print(json.dumps(told, ensure_ascii=False, indent=1), file=sys.stderr)
    _print_offered("**all**", everything)
    print()


def _print_offered(label: str, pairs: list[tuple[list[str], list[str]]]) -> None:
    fitting = [(ids, near) for ids, near in pairs if near]
    nothing = [ids for ids, near in pairs if not near]
    first = sum(ids[:1] != [] and ids[0] in near for ids, near in fitting)
    among = sum(bool(set(ids) & set(near)) for ids, near in fitting)
    refused = f"{sum(not ids for ids in nothing)} of {len(nothing)}" if nothing else ""
    print(f"| {label} | {first} of {len(fitting)} | {among} of {len(fitting)} | {refused} |")


if __name__ == "__main__":
    main()
