"""How long a person has to answer: what every block shares that asks one."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from flowloom.kinds.context import NodeContext
from flowloom.kinds.port import Port, PortType
from flowloom.locales import add_texts

Title = Annotated[
    str,
    Field(
        title="Question",
        description="What the person is asked.",
        max_length=300,
        json_schema_extra={"example": "May this be sent?"},
    ),
]
Hours = Annotated[
    float | None,
    Field(
        title="Hours to answer",
        description="After this time it goes on without an answer. Leave it empty to wait for as long as it takes.",
        gt=0,
        le=24 * 365,
    ),
]
LATE = Port(id="late", label="Nobody answered", type=PortType.TEXT, required=False)

add_texts(
    {
        "zh": {
            "Question": "问题",
            "What the person is asked.": "要问这个人的问题。",
            "May this be sent?": "可以发送这个吗？",
            "Hours to answer": "回答时限（小时）",
            "After this time it goes on without an answer. Leave it empty to wait for as long as it takes.": (
                "超过这段时间就不等回答而继续。留空则一直等待。"
            ),
            "Nobody answered": "无人回答",
            "Text": "文本",
            "Comment": "备注",
        },
        "fr": {
            "Question": "Question",
            "What the person is asked.": "Ce qui est demandé à la personne.",
            "May this be sent?": "Peut-on envoyer ceci ?",
            "Hours to answer": "Heures pour répondre",
            "After this time it goes on without an answer. Leave it empty to wait for as long as it takes.": (
                "Passé ce délai, le flux continue sans réponse. Laissez vide pour attendre aussi longtemps "
                "qu’il le faut."
            ),
            "Nobody answered": "Personne n’a répondu",
            "Text": "Texte",
            "Comment": "Commentaire",
        },
    }
)


def deadline(hours: float | None, ctx: NodeContext) -> float | None:
    """The moment after which nobody needs to answer any more, in seconds since the epoch."""
    return None if hours is None else ctx.services.now().timestamp() + hours * 3600


def late_port(hours: float | None) -> Sequence[Port]:
    return [] if hours is None else [LATE]
