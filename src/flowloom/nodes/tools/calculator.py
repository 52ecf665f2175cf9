"""Work out a sum."""

from pydantic import BaseModel, Field

from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import NoPorts, node_kind
from flowloom.nodes.numbers import written
from flowloom.nodes.tools.sums import work_out


class Inputs(BaseModel):
    expression: str = Field(title="Calculation", description="For example 2 × (3 + 4), 15 % of 80 or sqrt(2).")


class Outputs(BaseModel):
    result: int | float = Field(title="Result")
    text: str = Field(title="Text")


TEXTS = {
    "zh": {
        "Calculator": "计算器",
        "Calculates exactly, which language models are bad at.": "准确地计算算式，这正是语言模型不擅长的。",
        "Calculation": "算式",
        "For example 2 × (3 + 4), 15 % of 80 or sqrt(2).": (
            "要计算的算式，例如 2 × (3 + 4)、80 的 15 %（写成 15 % of 80）或 sqrt(2)。"
        ),
        "Result": "结果",
        "Text": "文本",
    },
    "fr": {
        "Calculator": "Calculatrice",
        "Calculates exactly, which language models are bad at.": (
            "Effectue un calcul avec exactitude, ce que les modèles de langage font mal."
        ),
        "Calculation": "Calcul",
        "For example 2 × (3 + 4), 15 % of 80 or sqrt(2).": (
            "Le calcul à effectuer, par exemple 2 × (3 + 4), 15 % de 80 ou sqrt(2)."
        ),
        "Result": "Résultat",
        "Text": "Texte",
    },
}


@node_kind(id="calculator", label="Calculator", icon="calculate", group="tools", can_be_tool=True, texts=TEXTS)
def calculator(config: NoPorts, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Calculates exactly, which language models are bad at."""
    result = work_out(inputs.expression, ctx.language)
    return Outputs(result=result, text=written(result, ctx.language))
