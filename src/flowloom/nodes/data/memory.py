"""The form field and check that remembering and recalling share."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from flowloom.errors import Problem
from flowloom.locales import add_texts

LONGEST = 80
"""Characters of a name."""
MemoryName = Annotated[
    str,
    Field(
        title="Name",
        description="What the conversation calls this value. Remember and Recall find each other by it.",
        max_length=LONGEST,
        json_schema_extra={"example": "favourite colour"},
    ),
]

Scope = Annotated[
    Literal["conversation", "person", "here"],
    Field(
        title="Belongs to",
        description="What is about the person is known in every conversation; they see and correct it in Settings.",
        json_schema_extra={
            "labels": {
                "conversation": "this conversation",
                "person": "the person, for all GPTs",
                "here": "the person, for this GPT only",
            }
        },
    ),
]

add_texts(
    {
        "zh": {
            "Name": "名称",
            "What the conversation calls this value. Remember and Recall find each other by it.": (
                "这个值在对话中的名称。“记住”和“回忆”靠它对应起来。"
            ),
            "favourite colour": "最喜欢的颜色",
            "Belongs to": "属于",
            "What is about the person is known in every conversation; they see and correct it in Settings.": (
                "关于本人的内容在每次对话中都可用；本人可以在设置中查看和更正。"
            ),
            "this conversation": "这次对话",
            "the person, for all GPTs": "本人，所有 GPT 可用",
            "the person, for this GPT only": "本人，仅此 GPT 可用",
            "This memory has no name.": "这条记忆没有名称。",
            "Give it a name, the same where it is remembered and recalled.": (
                "请起一个名称，记住和回忆时要用同一个。"
            ),
        },
        "fr": {
            "Name": "Nom",
            "What the conversation calls this value. Remember and Recall find each other by it.": (
                "Le nom de cette valeur dans la conversation. Il relie Retenir et Rappeler."
            ),
            "favourite colour": "couleur préférée",
            "Belongs to": "Concerne",
            "What is about the person is known in every conversation; they see and correct it in Settings.": (
                "Ce qui concerne la personne est connu dans chaque conversation ; elle le voit et le corrige "
                "dans les réglages."
            ),
            "this conversation": "cette conversation",
            "the person, for all GPTs": "la personne, pour tous les GPT",
            "the person, for this GPT only": "la personne, pour ce GPT seulement",
            "This memory has no name.": "Ce souvenir n’a pas de nom.",
            "Give it a name, the same where it is remembered and recalled.": (
                "Donnez-lui un nom, le même pour retenir et pour rappeler."
            ),
        },
    }
)


def check_name(name: str) -> Iterable[Problem]:
    if not name.strip():
        yield Problem.of(
            "memory.unnamed",
            "This memory has no name.",
            "Give it a name, the same where it is remembered and recalled.",
        )
