"""Let a person choose which way the flow goes."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel, Field, field_validator

from flowloom.errors import Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import OpenPorts, node_kind
from flowloom.kinds.people import Choice, Question, Reply
from flowloom.kinds.port import Port, PortType
from flowloom.nodes.people.deadlines import LATE, Hours, Title, deadline, late_port
from flowloom.nodes.port_names import named_ports, repeated
from flowloom.nodes.readable import first_words, readable


class Way(BaseModel):
    """One of the ways to choose from."""

    name: str = Field(
        default="",
        title="Name",
        description="Option name. It becomes an output.",
        max_length=80,
        json_schema_extra={"example": "Only half of it"},
    )


class Config(BaseModel):
    question: Title = "Which option?"
    choices: list[Way] = Field(
        default_factory=lambda: [Way(name="Yes"), Way(name="No")],
        title="Choices",
        description="The options. Each becomes an output of this block.",
        max_length=20,
    )
    hours: Hours = None

    @field_validator("choices", mode="before")
    @classmethod
    def _names_alone(cls, choices: Any) -> Any:
        """A list of names is read as well."""
        if not isinstance(choices, list):
            return choices
        return [{"name": choice} if isinstance(choice, str) else choice for choice in choices]


class Inputs(BaseModel):
    value: Any = Field(default=None, title="View")


Outputs = OpenPorts
COMMENT = Port(id="comment", label="Comment", type=PortType.TEXT, required=False)


def names(config: Config) -> list[str]:
    return [choice.name.strip() for choice in config.choices if choice.name.strip()]


def ports(config: Config) -> Sequence[Port]:
    return named_ports(names(config), PortType.ANY, taken=(COMMENT.id, LATE.id))


def check(config: Config) -> Iterable[Problem]:
    if len(names(config)) < 2:
        yield Problem.of("choose.too_few", "There are no choices.", "Add at least two choices.")
    for name in repeated(names(config)):
        yield Problem.of(
            "choose.same", "Two choices are called “{name}”.", "Give each choice its own name.", name=name
        )


TEXTS = {
    "zh": {
        "Ask to choose": "请人选择",
        "Lets a person choose how the flow continues, even weeks later.": (
            "让人选择流程走哪条路，无论是几分钟还是几周之后。"
        ),
        "Which option?": "选哪一个？",
        "Yes": "是",
        "No": "否",
        "Choices": "选项",
        "The options. Each becomes an output of this block.": (
            "供人选择的选项。每一项都会成为这个模块的一个输出。"
        ),
        "Name": "名称",
        "Option name. It becomes an output.": "供人选择的一项，它会成为一个输出。",
        "Only half of it": "只要一半",
        "View": "要展示的内容",
        "Comment": "备注",
        "There are no choices.": "没有可供选择的选项。",
        "Add at least two choices.": "请至少添加两个选项。",
        "Two choices are called “{name}”.": "有两个选项都叫“{name}”。",
        "Give each choice its own name.": "请给每个选项起不同的名称。",
    },
    "fr": {
        "Ask to choose": "Faire choisir",
        "Lets a person choose how the flow continues, even weeks later.": (
            "Laisse une personne choisir par où continue le flux, des minutes ou des semaines plus tard."
        ),
        "Which option?": "Quel choix ?",
        "Yes": "Oui",
        "No": "Non",
        "Choices": "Choix",
        "The options. Each becomes an output of this block.": (
            "Ce parmi quoi la personne choisit. Chacun devient une sortie de ce bloc."
        ),
        "Name": "Nom",
        "Option name. It becomes an output.": "Ce que la personne choisit. Cela devient une sortie.",
        "Only half of it": "Seulement la moitié",
        "View": "À montrer",
        "Comment": "Commentaire",
        "There are no choices.": "Il n’y a rien entre quoi choisir.",
        "Add at least two choices.": "Ajoutez au moins deux choix.",
        "Two choices are called “{name}”.": "Deux choix s’appellent « {name} ».",
        "Give each choice its own name.": "Donnez à chaque choix son propre nom.",
    },
}


@node_kind(
    id="people.choose",
    label="Ask to choose",
    icon="rule",
    group="people",
    can_be_tool=True,
    chooses=True,
    beside=frozenset({COMMENT.id}),
    dynamic_outputs=lambda config: [*ports(config), COMMENT, *late_port(config.hours)],
    summarise=lambda config: first_words(config.question),
    check=check,
    texts=TEXTS,
)
def choose(config: Config, inputs: Inputs, ctx: NodeContext) -> OpenPorts:
    """Lets a person choose how the flow continues, even weeks later."""
    shown = "" if inputs.value is None else readable(inputs.value)
    reply = ctx.ask(
        Question(
            title=config.question,
            text=shown,
            choices=tuple(Choice(id=port.id, label=port.label) for port in ports(config)),
            deadline=deadline(config.hours, ctx),
            default=Reply(choice=LATE.id),
        )
    )
    chosen = next((port.label for port in ports(config) if port.id == reply.choice), "")
    # Where nothing came in, the choice itself goes on.
    value = shown or chosen if inputs.value is None or reply.choice == LATE.id else inputs.value
    return OpenPorts(**{reply.choice: value, **({COMMENT.id: reply.comment} if reply.comment else {})})
