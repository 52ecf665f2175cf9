"""Let a model choose which way a text goes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, Field

from flowloom.errors import Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import ModelCalls, OpenPorts, node_kind
from flowloom.kinds.port import Port, PortType
from flowloom.kinds.values import ModelReply, ModelRequest
from flowloom.locales import translate
from flowloom.nodes.models.asking import Instructions, ModelName, conversation
from flowloom.nodes.port_names import named_ports, repeated
from flowloom.nodes.readable import first_words


class Label(BaseModel):
    """One of the things a text may be about."""

    name: str = Field(
        default="",
        title="Name",
        description="Short name. It becomes an output.",
        max_length=80,
        json_schema_extra={"example": "Refund"},
    )
    description: str = Field(
        default="",
        title="Description",
        description="When the model should choose this.",
        max_length=2_000,
        json_schema_extra={"example": "The person wants their money back"},
    )


class Config(BaseModel):
    labels: list[Label] = Field(
        default_factory=lambda: [
            Label(name="Question", description="The person wants to know something"),
            Label(name="Complaint", description="The person is not happy with something"),
        ],
        title="Choices",
        description="The choices. Each becomes an output of this block.",
        max_length=50,
    )
    instructions: Instructions = ""
    model: ModelName = "default"


class Inputs(BaseModel):
    text: str = Field(title="Text")


Outputs = OpenPorts

NONE = Port(id="none", label="None of these", type=PortType.TEXT)
TASK = "Choose the label that fits the person's text best. Choose none if no label fits. Do not answer the text."


def named_labels(config: Config) -> list[Label]:
    return [label for label in config.labels if label.name.strip()]


def label_ports(config: Config) -> Sequence[Port]:
    names = (label.name.strip() for label in named_labels(config))
    return [*named_ports(names, PortType.TEXT, taken=(NONE.id,)), NONE]


def check(config: Config) -> Iterable[Problem]:
    if len(named_labels(config)) < len(config.labels):
        yield Problem.of(
            "classify.unnamed", "A choice has no name.", "Give every choice a name, or remove the row."
        )
    if len(named_labels(config)) < 2:
        yield Problem.of("classify.too_few", "There are no choices.", "Add at least two choices.")
    for name in repeated(label.name.strip() for label in named_labels(config)):
        yield Problem.of(
            "classify.same", "Two choices are called “{name}”.", "Give each choice its own name.", name=name
        )


TEXTS = {
    "zh": {
        "Classify": "分类",
        "Lets a model decide what a text is about and sends it to the output of that choice.": (
            "让模型判断一段文本属于哪一类，并从对应的输出传出。"
        ),
        "Text": "文本",
        "None of these": "都不是",
        "Name": "名称",
        "Short name. It becomes an output.": "这类文本的简短名称，它会成为一个输出。",
        "Refund": "退款",
        "Description": "描述",
        "When the model should choose this.": "模型在什么情况下应选择它。",
        "The person wants their money back": "用户想要退款",
        "Choices": "选项",
        "The choices. Each becomes an output of this block.": (
            "要区分的文本类别。每一类都会成为这个模块的一个输出。"
        ),
        "Question": "问题",
        "The person wants to know something": "用户想了解某件事",
        "Complaint": "投诉",
        "The person is not happy with something": "用户对某件事不满意",
        "A choice has no name.": "有一个选项没有名称。",
        "Give every choice a name, or remove the row.": "请给每个选项起名，或删除这一行。",
        "There are no choices.": "没有可供选择的选项。",
        "Add at least two choices.": "请至少添加两个选项。",
        "Two choices are called “{name}”.": "有两个选项都叫“{name}”。",
        "Give each choice its own name.": "请给每个选项起不同的名称。",
        "The model found no matching choice.": "模型认为没有合适的选项。",
        "The model chose “{label}”.": "模型选择了“{label}”。",
        "The model chose “{label}”: {description}": "模型选择了“{label}”：{description}",
    },
    "fr": {
        "Classify": "Classer",
        "Lets a model decide what a text is about and sends it to the output of that choice.": (
            "Laisse un modèle décider de quoi parle un texte et l’envoie par la sortie de ce choix."
        ),
        "Text": "Texte",
        "None of these": "Aucun de ceux-ci",
        "Name": "Nom",
        "Short name. It becomes an output.": "Un nom court pour cette sorte de texte. Il devient une sortie.",
        "Refund": "Remboursement",
        "Description": "Description",
        "When the model should choose this.": "Quand le modèle doit le choisir.",
        "The person wants their money back": "La personne veut être remboursée",
        "Choices": "Choix",
        "The choices. Each becomes an output of this block.": (
            "Les sortes de textes à distinguer. Chacune devient une sortie du bloc."
        ),
        "Question": "Question",
        "The person wants to know something": "La personne veut savoir quelque chose",
        "Complaint": "Réclamation",
        "The person is not happy with something": "La personne est mécontente de quelque chose",
        "A choice has no name.": "Un choix n’a pas de nom.",
        "Give every choice a name, or remove the row.": "Donnez un nom à chaque choix, ou supprimez la ligne.",
        "There are no choices.": "Il n’y a rien entre quoi choisir.",
        "Add at least two choices.": "Ajoutez au moins deux choix.",
        "Two choices are called “{name}”.": "Deux choix s’appellent « {name} ».",
        "Give each choice its own name.": "Donnez à chaque choix son propre nom.",
        "The model found no matching choice.": "Le modèle a trouvé qu’aucun choix ne convient.",
        "The model chose “{label}”.": "Le modèle a choisi « {label} ».",
        "The model chose “{label}”: {description}": "Le modèle a choisi « {label} » : {description}",
    },
}


def explain(config: Config, inputs: Mapping[str, Any], outputs: Mapping[str, Any], language: str) -> str:
    """The label that was chosen, and what is written of it."""
    if NONE.id in outputs:
        return translate("The model found no matching choice.", language)
    pairs = zip(label_ports(config), named_labels(config), strict=False)
    label = next((label for port, label in pairs if port.id in outputs), None)
    if label is None:
        return ""
    description = label.description.strip()
    sentence = "The model chose “{label}”: {description}" if description else "The model chose “{label}”."
    return translate(sentence, language, label=label.name.strip(), description=description)


@node_kind(
    id="classify",
    label="Classify",
    icon="call_split",
    group="models",
    chooses=True,
    effects=frozenset({"spends money"}),
    # An empty text is sent on without asking.
    calls=lambda config, tools: [ModelCalls(config.model, 0, 1)],
    summarise=lambda config: first_words(" · ".join(label.name for label in named_labels(config))),
    check=check,
    explain=explain,
    tune="labels",
    dynamic_outputs=label_ports,
    texts=TEXTS,
)
async def classify(config: Config, inputs: Inputs, ctx: NodeContext) -> OpenPorts:
    """Lets a model decide what a text is about and sends it to the output of that choice."""
    if not (inputs.text.strip() and named_labels(config)):
        return OpenPorts.model_validate({NONE.id: inputs.text})
    request = ModelRequest(
        messages=conversation(inputs.text, (TASK, config.instructions)),
        model=config.model,
        choices={label.name.strip(): label.description for label in named_labels(config)},
    )
    reply = await ctx.models.reply(request, lambda piece: None)
    ctx.spend(reply.usage)
    return OpenPorts.model_validate({chosen(config, reply): inputs.text})


def chosen(config: Config, reply: ModelReply) -> str:
    """The port of the label the model named, however it wrote it."""
    said = reply.text.strip().casefold()
    ports = label_ports(config)
    return next((port.id for port in ports[:-1] if port.label.casefold() == said), NONE.id)
