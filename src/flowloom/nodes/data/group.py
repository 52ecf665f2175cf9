"""A coloured frame around blocks, which the canvas can fold into one card."""

from collections.abc import Collection, Iterable
from typing import Literal

from pydantic import BaseModel, Field

from flowloom.flow.model import Node
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import NoPorts, node_kind


class Config(BaseModel):
    color: Literal["blue", "violet", "teal", "green", "amber", "rose"] = Field(
        default="blue",
        title="Colour",
        description="Colour of the frame and the folded card.",
        json_schema_extra={
            "labels": {
                "blue": "Blue",
                "violet": "Purple",
                "teal": "Teal",
                "green": "Green",
                "amber": "Amber",
                "rose": "Pink",
            }
        },
    )
    folded: bool = Field(
        default=False,
        title="Folded",
        description="Shows the group as one card. Its blocks work as before.",
    )
    members: list[str] = Field(
        default=[],
        title="Blocks in the group",
        description="Updated by the canvas.",
        max_length=2_000,
        json_schema_extra={"widget": "hidden"},
    )


TEXTS = {
    "zh": {
        "Group": "分组",
        "Frames blocks that belong together. Select them and press Ctrl+G.": (
            "把相关的模块框在一起。在画布上选中它们，然后按 Ctrl G。"
        ),
        "Colour": "颜色",
        "Colour of the frame and the folded card.": "外框和折叠后卡片的颜色。",
        "Folded": "折叠",
        "Shows the group as one card. Its blocks work as before.": (
            "用一张卡片代替分组里的所有模块。它们照常工作。"
        ),
        "Blocks in the group": "分组里的模块",
        "Updated by the canvas.": "此列表由画布维护。",
        "Blue": "蓝色",
        "Purple": "紫色",
        "Teal": "青色",
        "Green": "绿色",
        "Amber": "琥珀色",
        "Pink": "粉色",
    },
    "fr": {
        "Group": "Groupe",
        "Frames blocks that belong together. Select them and press Ctrl+G.": (
            "Encadre des blocs qui vont ensemble. Sélectionnez-les sur le canevas et appuyez sur Ctrl G."
        ),
        "Colour": "Couleur",
        "Colour of the frame and the folded card.": "La couleur du cadre et de la carte repliée.",
        "Folded": "Replié",
        "Shows the group as one card. Its blocks work as before.": (
            "Montre une seule carte à la place de tous les blocs du groupe. Ils fonctionnent comme avant."
        ),
        "Blocks in the group": "Blocs du groupe",
        "Updated by the canvas.": "Le canevas tient cette liste.",
        "Blue": "Bleu",
        "Purple": "Violet",
        "Teal": "Sarcelle",
        "Green": "Vert",
        "Amber": "Ambre",
        "Pink": "Rose",
    },
}


@node_kind(id="group", label="Group", icon="select_all", group="data", annotates=True, texts=TEXTS)
def group(config: Config, inputs: NoPorts, ctx: NodeContext) -> NoPorts:
    """Frames blocks that belong together. Select them and press Ctrl+G."""
    return NoPorts()


def regrouped(node: Node, gone: Collection[str], instead: Iterable[str]) -> Node:
    """The node; a group that held all that is gone holds what came instead."""
    held = node.config.get("members") if node.kind == group.id else None
    if not isinstance(held, list) or not all(name in held for name in gone):
        return node
    members = [*(name for name in held if name not in gone), *instead]
    return node.model_copy(update={"config": node.config | {"members": members}})
