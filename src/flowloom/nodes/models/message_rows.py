"""Messages a builder writes out for a model, role by role, where instructions and one prompt do not say enough."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from pydantic.config import JsonDict

from flowloom.errors import NodeError
from flowloom.kinds.port import Port, PortType
from flowloom.kinds.values import Message
from flowloom.locales import add_texts
from flowloom.nodes.templates import fill, names_in, text_ports

ROLE_LABELS: JsonDict = {"system": "instructions", "user": "the person who chats", "assistant": "the model"}


class MessageRow(BaseModel):
    """One message that is sent each time."""

    role: Literal["system", "user", "assistant"] = Field(
        default="user",
        title="Said by",
        description="Whose words these are.",
        json_schema_extra={"labels": ROLE_LABELS},
    )
    text: str = Field(
        default="",
        title="Message text",
        description="{{name}} in double braces becomes an input. A message that ends up empty isn’t sent.",
        max_length=100_000,
        json_schema_extra={"widget": "prompt", "example": "Translate this: {{message}}"},
    )


MessageRows = Annotated[
    list[MessageRow],
    Field(
        default_factory=list,
        title="Messages to send",
        description="Optional: what to send, in this order. The conversation goes before the person’s last one.",
        max_length=50,
    ),
]

add_texts(
    {
        "zh": {
            "instructions": "说明",
            "the person who chats": "用户",
            "the model": "模型",
            "Said by": "说话者",
            "Whose words these are.": "这是谁说的话。",
            "Message text": "消息内容",
            "{{name}} in double braces becomes an input. A message that ends up empty isn’t sent.": (
                "双花括号里的 {{name}} 会成为一个输入。填好后为空的消息不会发送。"
            ),
            "Translate this: {{message}}": "请翻译：{{message}}",
            "Messages to send": "要发送的消息",
            "All messages for the model are empty.": "要发给模型的消息全是空的。",
            "Check the block before this one, or write the messages in this one.": (
                "请检查前一个模块，或在这个模块里写好消息。"
            ),
            (
                "Optional: what to send, in this order. The conversation goes before the person’s last one."
            ): "可选：按这个顺序发送的消息。之前的对话放在用户的最后一条消息之前。",
        },
        "fr": {
            "instructions": "les instructions",
            "the person who chats": "la personne qui discute",
            "the model": "le modèle",
            "Said by": "Dit par",
            "Whose words these are.": "De qui sont ces mots.",
            "Message text": "Texte du message",
            "{{name}} in double braces becomes an input. A message that ends up empty isn’t sent.": (
                "{{name}} entre doubles accolades devient une entrée. Un message qui reste vide n’est pas envoyé."
            ),
            "Translate this: {{message}}": "Traduis ceci : {{message}}",
            "Messages to send": "Messages à envoyer",
            "All messages for the model are empty.": "Tous les messages pour le modèle sont vides.",
            "Check the block before this one, or write the messages in this one.": (
                "Vérifiez le bloc précédent, ou écrivez les messages dans celui-ci."
            ),
            ("Optional: what to send, in this order. The conversation goes before the person’s last one."): (
                "Facultatif : les messages à envoyer, dans cet ordre. La conversation jusqu’ici précède le dernier "
                "de la personne."
            ),
        },
    }
)


def row_ports(rows: Sequence[MessageRow], main: str, label: str) -> list[Port]:
    """An input for each name in the rows; the block's own text, `main`, is needed only where there are none."""
    own = Port(id=main, label=label, type=PortType.TEXT, required=not rows)
    return [own, *(port for port in text_ports(*(row.text for row in rows)) if port.id != main)]


def written_out(
    rows: Sequence[MessageRow], values: Mapping[str, Any], history: Sequence[Message], main: str
) -> list[Message]:
    """The messages of the rows with their values, empty ones left out. Raises NodeError where nothing is left.

    What was said before stands ahead of the last message of the person. The block's own text, where it is in no
    row, is that message.
    """
    filled = [Message(role=row.role, text=fill(row.text, values)) for row in rows]
    if values[main] and main not in names_in(*(row.text for row in rows)):
        filled.append(Message(role="user", text=values[main]))
    said = [message for message in filled if message.text.strip()]
    if not said:
        raise NodeError(
            "All messages for the model are empty.",
            "Check the block before this one, or write the messages in this one.",
            code="model.nothing_to_ask",
        )
    last = max((place for place, message in enumerate(said) if message.role == "user"), default=len(said))
    return [*said[:last], *history, *said[last:]]
