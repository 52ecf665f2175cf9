"""Who answers when the block that answers fails: nobody, a fixed text, or a person."""

from typing import Literal, NamedTuple

from flowloom.configuration.backbone import ANSWER, connect, find_backbone, with_edits
from flowloom.configuration.covering import AFTER, LOWER, covered_by, covered_by_text, fixed_answer_of, let_go
from flowloom.configuration.places import free_place
from flowloom.flow.edit import Add, Operation, Settle
from flowloom.flow.model import Flow, Node, NodeSettings, Position
from flowloom.kinds.kind import ERROR_PORT
from flowloom.locales import LANGUAGES, add_texts, translate
from flowloom.nodes.port_names import free_id, port_id

FORM = "people.form"
QUESTION, FIELD = "The GPT can’t answer this. What should it say?", "Your answer"
VIEW = "value"
"""Where a form takes what it shows."""

add_texts(
    {
        "zh": {QUESTION: "GPT 无法回答这个问题。它该怎么说？", FIELD: "你的回答"},
        "fr": {QUESTION: "Le GPT ne peut pas répondre. Que doit-il dire\u202f?", FIELD: "Votre réponse"},
    }
)

Who = Literal["nobody", "text", "person", "drawn"]


class Fallback(NamedTuple):
    """`text` is the fixed answer; `drawn` is what only the canvas shows; `form` the block that asks a person."""

    who: Who = "nobody"
    text: str = ""
    form: str = ""


def fallback_of(flow: Flow) -> Fallback:
    """Who answers in place of the one block that does. Where there is no such block, nobody."""
    node = find_backbone(flow).node
    if node is None:
        return Fallback()
    if node.settings.on_error != "port" and any(edge.start == (node.id, ERROR_PORT.id) for edge in flow.edges):
        return Fallback("drawn")
    if node.settings.on_error == "stop":
        return Fallback()
    if node.settings.on_error == "value":
        text = node.settings.fallback.get("answer")
        return Fallback("text", text) if isinstance(text, str) else Fallback("drawn")
    form = _form_of(flow, node)
    return Fallback("person", form=form.id) if form else Fallback("drawn")


def _form_of(flow: Flow, node: Node) -> Node | None:
    """The form of a person, where it is just as Configure makes it."""
    after = [edge.end.node for edge in flow.edges if edge.start == (node.id, ERROR_PORT.id)]
    form = flow.node(after[0]) if len(after) == 1 else None
    if form is None or form.kind != FORM or form.name or form.settings != NodeSettings():
        return None
    into = [edge for edge in flow.edges if edge.end.node == form.id]
    out = [edge for edge in flow.edges if edge.start.node == form.id]
    failing = all(edge.end.port == VIEW and edge.start.port == ERROR_PORT.id for edge in into)
    is_ours = failing and len(out) == 1 and form.config in map(form_config, LANGUAGES)
    return form if is_ours and _answer_after(flow, form) else None


def form_config(language: str) -> dict[str, object]:
    return {"question": translate(QUESTION, language), "fields": [{"name": translate(FIELD, language)}]}


def _answer_after(flow: Flow, node: Node) -> str | None:
    """The answer block that a block leads to at once."""
    for edge in flow.edges:
        end = flow.node(edge.end.node)
        if edge.start.node == node.id and end and end.kind == ANSWER and edge.end.port == "text":
            return end.id
    return None


def can_ask_person(flow: Flow) -> bool:
    """Whether what answers leads to an answer block at once, so that a person's words can go there instead."""
    node = find_backbone(flow).node
    return node is not None and _answer_after(flow, node) is not None


def fallback_edits(flow: Flow, node: Node, who: Who, text: str) -> list[Operation]:
    """The edits after which that one answers; what a person drew for it is never taken away.

    Blocks before it that ask a model as well lead there, too; those that came later do so when it is chosen again.
    """
    before = fallback_of(flow)
    if before.who == "drawn":
        return []
    if (before.who, before.text) == (who, text):
        return _covered(flow, node, before)
    edits = _taken_away(flow, node, before)
    if who == "text":
        value = {"answer": text, "steps": []} if node.kind == "agent" else {"answer": text}
        edits.append(Settle(node=node.id, settings={"on_error": "value", "fallback": value}))
    elif who == "person":
        edits += _asked_person(with_edits(flow, edits), node)
    else:
        edits.append(Settle(node=node.id, settings={"on_error": "stop", "fallback": {}}))
    now = with_edits(flow, edits)
    return [*edits, *_covered(now, now.node(node.id) or node, fallback_of(now))]


def _covered(flow: Flow, node: Node, fallback: Fallback) -> list[Operation]:
    if fallback.who == "text":
        return covered_by_text(flow, node, fallback.text)
    return covered_by(flow, node, f"{fallback.form}.{VIEW}") if fallback.form else []


def _taken_away(flow: Flow, node: Node, before: Fallback) -> list[Operation]:
    """The edits without what Configure drew for whoever answered instead until now."""
    if form := flow.node(before.form) if before.form else None:
        return let_go(flow, form, VIEW, but=node.id)
    answer = fixed_answer_of(flow, before.text) if before.who == "text" else None
    return let_go(flow, answer, AFTER) if answer else []


def _asked_person(flow: Flow, node: Node) -> list[Operation]:
    answer = _answer_after(flow, node)
    if answer is None:
        return []
    at, config = flow.layout.get(node.id, Position(x=0, y=0)), form_config(flow.language)
    form = Node(id=free_id("ask-person", {each.id for each in flow.nodes}), kind=FORM, config=config)
    field = port_id(translate(FIELD, flow.language))
    return [
        Settle(node=node.id, settings={"on_error": "port", "fallback": {}}),
        Add(node=form, at=free_place(flow, Position(x=at.x, y=at.y + LOWER))),
        connect(f"{node.id}.{ERROR_PORT.id}", f"{form.id}.{VIEW}"),
        connect(f"{form.id}.{field}", f"{answer}.text"),
    ]
