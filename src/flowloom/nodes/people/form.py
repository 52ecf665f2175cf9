"""Ask a person for details, each of which goes on by itself."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field
from pydantic.config import JsonDict

from flowloom.errors import Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import OpenPorts, node_kind
from flowloom.kinds.people import FormField, Question
from flowloom.kinds.port import EMPTY, Port, PortType
from flowloom.nodes.numbers import parse_number
from flowloom.nodes.people.deadlines import LATE, Hours, Title, deadline, late_port
from flowloom.nodes.port_names import named_ports, repeated
from flowloom.nodes.readable import first_words, readable
from flowloom.nodes.yes_no import parse_yes_no

FieldType = Literal["text", "number", "boolean"]
TYPE_LABELS: JsonDict = {"text": "text", "number": "a number", "boolean": "yes or no"}
KEPT = "form: "
"""Before the name under which a conversation keeps what was filled in."""
PORT_TYPES = {"text": PortType.TEXT, "number": PortType.NUMBER, "boolean": PortType.BOOLEAN}


class Detail(BaseModel):
    """One thing the person is asked for."""

    name: str = Field(
        default="",
        title="Name",
        description="Field name. It becomes an output.",
        max_length=80,
        json_schema_extra={"example": "Invoice number"},
    )
    type: FieldType = Field(
        default="text",
        title="Type",
        description="Allowed values.",
        json_schema_extra={"labels": TYPE_LABELS},
    )
    required: bool = Field(default=True, title="Required", description="Whether it is required.")


class Config(BaseModel):
    question: Title = "Please fill this in."
    fields: list[Detail] = Field(
        default_factory=lambda: [Detail(name="Name")],
        title="Details",
        description="The fields. Each becomes an output of this block.",
        max_length=30,
    )
    once: bool = Field(
        default=False,
        title="Ask once",
        description="On: what was filled in is kept for the rest of the conversation.",
    )
    pass_empty: bool = Field(
        default=False,
        title="Pass on empty fields",
        description="On: a field left empty is passed on as empty. Off: blocks that need it don’t run.",
    )
    hours: Hours = None


class Inputs(BaseModel):
    value: Any = Field(default=None, title="View")
    known: dict[str, Any] | None = Field(default=None, title="Already known")


Outputs = OpenPorts


def details(config: Config) -> list[Detail]:
    return [detail for detail in config.fields if detail.name.strip()]


def ports(config: Config) -> Sequence[Port]:
    found = named_ports((detail.name.strip() for detail in details(config)), taken=(LATE.id,))
    return [
        port.model_copy(update={"type": PORT_TYPES[detail.type]})
        for port, detail in zip(found, details(config), strict=True)
    ]


def check(config: Config) -> Iterable[Problem]:
    if not details(config):
        yield Problem.of("form.empty", "This form has no fields.", "Add at least one detail with a name.")
    for name in repeated(detail.name.strip() for detail in details(config)):
        yield Problem.of(
            "form.same", "Two details are called “{name}”.", "Give each detail its own name.", name=name
        )


TEXTS = {
    "zh": {
        "Ask for details": "请人填写",
        "Asks a person to fill in a form. Each field has its own output.": (
            "给人一张表单填写；每一项都从自己的输出传出。"
        ),
        "Please fill this in.": "请填写。",
        "Name": "名称",
        "Field name. It becomes an output.": "要填写的内容，它会成为一个输出。",
        "Invoice number": "发票号码",
        "Type": "类型",
        "Allowed values.": "可以填写哪种值。",
        "text": "文本",
        "a number": "数字",
        "yes or no": "是或否",
        "Required": "必填",
        "Whether it is required.": "是否必须填写。",
        "Details": "填写项",
        "The fields. Each becomes an output of this block.": "要填写的各项。每一项都会成为这个模块的一个输出。",
        "Ask once": "只问一次",
        "On: what was filled in is kept for the rest of the conversation.": (
            "开启后，填写的内容在这次对话的后续部分一直有效。"
        ),
        "Pass on empty fields": "传出空白项",
        "On: a field left empty is passed on as empty. Off: blocks that need it don’t run.": (
            "开启后，没填的项以空白传出；关闭时，需要它的模块不会运行。"
        ),
        "View": "要展示的内容",
        "Already known": "已知的内容",
        "This form has no fields.": "这张表单没有要填写的内容。",
        "Add at least one detail with a name.": "请至少添加一项并起名。",
        "Two details are called “{name}”.": "有两项都叫“{name}”。",
        "Give each detail its own name.": "请给每一项起不同的名称。",
    },
    "fr": {
        "Ask for details": "Demander des précisions",
        "Asks a person to fill in a form. Each field has its own output.": (
            "Donne un formulaire à remplir à une personne ; chaque précision sort par sa propre sortie."
        ),
        "Please fill this in.": "Merci de remplir ceci.",
        "Name": "Nom",
        "Field name. It becomes an output.": "Ce qu’il faut remplir. Cela devient une sortie.",
        "Invoice number": "Numéro de facture",
        "Type": "Type",
        "Allowed values.": "Les valeurs qui conviennent.",
        "text": "texte",
        "a number": "un nombre",
        "yes or no": "oui ou non",
        "Required": "Obligatoire",
        "Whether it is required.": "S’il faut le remplir.",
        "Details": "Précisions",
        "The fields. Each becomes an output of this block.": (
            "Ce que la personne remplit. Chaque élément devient une sortie de ce bloc."
        ),
        "Ask once": "Demander une seule fois",
        "On: what was filled in is kept for the rest of the conversation.": (
            "Activé : ce qui a été saisi vaut pour toute la suite de la conversation."
        ),
        "Pass on empty fields": "Transmettre les champs vides",
        "On: a field left empty is passed on as empty. Off: blocks that need it don’t run.": (
            "Activé : un champ laissé vide est transmis vide. Désactivé : les blocs qui en ont besoin ne "
            "s’exécutent pas."
        ),
        "View": "À montrer",
        "Already known": "Déjà connu",
        "This form has no fields.": "Ce formulaire ne demande rien.",
        "Add at least one detail with a name.": "Ajoutez au moins une précision avec un nom.",
        "Two details are called “{name}”.": "Deux précisions s’appellent « {name} ».",
        "Give each detail its own name.": "Donnez à chaque précision son propre nom.",
    },
}


@node_kind(
    id="people.form",
    label="Ask for details",
    icon="list_alt",
    group="people",
    can_be_tool=True,
    dynamic_outputs=lambda config: [*ports(config), *late_port(config.hours)],
    summarise=lambda config: first_words(config.question),
    check=check,
    texts=TEXTS,
)
def form(config: Config, inputs: Inputs, ctx: NodeContext) -> OpenPorts:
    """Asks a person to fill in a form. Each field has its own output."""
    key = f"{KEPT}{ctx.node}"
    earlier = ctx.variables.get(key) if config.once else None
    if isinstance(earlier, dict):
        return outputs_of(config, earlier)
    shown = "" if inputs.value is None else readable(inputs.value)
    fields = [
        FormField(
            name=detail.name.strip(),
            type=detail.type,
            required=detail.required,
            value=filled_in(detail, inputs.known or {}),
        )
        for detail in details(config)
    ]
    reply = ctx.ask(
        Question(title=config.question, text=shown, fields=tuple(fields), deadline=deadline(config.hours, ctx))
    )
    if not reply.in_time:
        return OpenPorts(**{LATE.id: shown})
    if config.once:
        ctx.variables.set(key, dict(reply.values))
    return outputs_of(config, reply.values)


def outputs_of(config: Config, values: Mapping[str, Any]) -> OpenPorts:
    """What goes on of the fields, in the order of the form."""
    given = {port: values.get(port.label) for port in ports(config)}
    filled = {port.id: value for port, value in given.items() if value not in (None, "")}
    empty = {port.id: EMPTY.get(port.type) for port in given if port.id not in filled} if config.pass_empty else {}
    return OpenPorts(**filled, **empty)


def filled_in(detail: Detail, known: Mapping[str, Any]) -> str | float | bool | None:
    """What is known of a detail under its name, in its type; None where that is nothing it can take."""
    value = next(
        (value for name, value in known.items() if name.casefold() == detail.name.strip().casefold()), None
    )
    if value in (None, "") or isinstance(value, list | dict):
        return None
    match detail.type:
        case "number":
            return parse_number(str(value))
        case "boolean":
            return parse_yes_no(value)
    return readable(value)
