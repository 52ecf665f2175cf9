"""Every template is useful from the first message on, with no key and no server."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from flowloom.flow.model import Flow
from flowloom.locales import LANGUAGES
from flowloom.run.view import RunView
from flowloom.runner import problems_of
from flowloom.store.templates import Template, templates, templates_folder
from flowloom.workspace import Workspace

ASKED = {
    "en": {
        "knowledge-helper": ("How many days of holiday do I have?", "28 days"),
        "support-desk": ("I want my money back for order 1042", "14 days"),
        "agent-with-tools": ("What is 17.5% of 2480?", "434"),
        "form-filler": ("I am Ada Lovelace, ada@example.org. A table for 4 on 2026-12-24", "ada@example.org"),
    },
    "zh": {
        "knowledge-helper": ("我有多少天年假？", "28 天"),
        "support-desk": ("订单 1042 我要退款", "14 天"),
        "agent-with-tools": ("2480 的 17.5% 是多少？", "434"),
        "form-filler": ("我叫王芳，wangfang@example.org。2026-12-24 留一张 4 人桌", "wangfang@example.org"),
    },
    "fr": {
        "knowledge-helper": ("Combien de jours de congé ai-je ?", "28 jours"),
        "support-desk": ("Je veux être remboursé pour la commande 1042", "14 jours"),
        "agent-with-tools": ("Combien font 17,5 % de 2480 ?", "434"),
        "form-filler": ("Je suis Ada Lovelace, ada@example.org. Une table pour 4 le 2026-12-24", "ada@example.org"),
    },
}
EVERY = [(language, template) for language in LANGUAGES for template in templates(language)]
IDS = [f"{language}-{template.id}" for language, template in EVERY]
every_template = pytest.mark.parametrize(("language", "template"), EVERY, ids=IDS)


def ask(home: Workspace, template: Template, message: str) -> RunView:
    flow = home.create_from_template(template)
    run_id = home.runner.start(flow, message, home.runs.new_conversation(flow.id))
    return home.runner.finished(run_id)


@every_template
def test_answers(home: Workspace, language: str, template: Template) -> None:
    assert problems_of(template.flow) == []
    message, word = ASKED[language][template.id]
    view = ask(home, template, message)
    assert view.state == "finished", view.problem
    assert word in view.text


@every_template
def test_every_starter_gets_an_answer(home: Workspace, language: str, template: Template) -> None:
    assert template.flow.language == language
    for starter in template.flow.starters:
        view = ask(home, template, starter)
        assert view.state == "finished", view.problem
        assert view.text


def texts_of(flow: Flow) -> set[str]:
    """What a person reads in a flow: all but ids, names of kinds and choices, which have no capital or space."""
    shown = [flow.name, flow.description, flow.instructions, *flow.starters]
    said = {*shown, *strings([[node.name, node.config] for node in flow.nodes])}
    return {text for text in said if " " in text or text != text.lower()}


def strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from strings(list(value.values()))
        case list() | tuple():
            for inner in value:
                yield from strings(inner)


@pytest.mark.parametrize("language", ["zh", "fr"])
def test_every_text_and_document_is_there_in_every_language(language: str) -> None:
    texts = json.loads((templates_folder() / language / "texts.json").read_text("utf-8"))
    english = set().union(*(texts_of(template.flow) for template in templates()))
    assert english - set(texts) == set()
    assert set(texts) - english == set()
    for here, there in zip(templates(), templates(language), strict=True):
        assert here.knowledge.keys() == there.knowledge.keys()


def test_the_run_and_the_conversation_are_kept(home: Workspace) -> None:
    template = next(each for each in templates() if each.id == "knowledge-helper")
    view = ask(home, template, "How many days of holiday do I have?")
    flow_id = home.flows.entries()[0].id
    conversation = home.runs.latest_conversation(flow_id)
    assert conversation is not None
    assert [turn.role for turn in home.runs.turns(conversation)] == ["user", "assistant"]
    assert view.passages
    assert home.runs.latest_run(flow_id) == view.run_id
