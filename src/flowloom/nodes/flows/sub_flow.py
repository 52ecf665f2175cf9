"""A whole flow as one block."""

from pydantic import BaseModel

from flowloom.errors import NodeError
from flowloom.kinds.context import NodeContext, SubFlow
from flowloom.kinds.kind import OpenPorts, node_kind
from flowloom.nodes.flows.embedded import EmbeddedFlow, Source, check_flow, flow_in, inputs_of, name_in, outputs_of
from flowloom.nodes.readable import first_words


class Config(BaseModel):
    flow: EmbeddedFlow = {}
    source: Source = ""


Inputs = Outputs = OpenPorts

TEXTS = {
    "zh": {
        "GPT as a block": "GPT 模块",
        "Runs a whole GPT as one block, with its own inputs and outputs.": (
            "把整个 GPT 当作一个模块运行：它需要的内容是输入，它的回答是输出。"
        ),
        "This block has no flow to run.": "这个模块没有可以运行的流程。",
        "Choose which GPT it runs in its settings.": "请在它的表单里选择运行哪个 GPT。",
    },
    "fr": {
        "GPT as a block": "GPT en un bloc",
        "Runs a whole GPT as one block, with its own inputs and outputs.": (
            "Exécute tout un GPT comme un seul bloc : ses besoins sont les entrées, ses réponses les sorties."
        ),
        "This block has no flow to run.": "Ce bloc n’a pas de flux à exécuter.",
        "Choose which GPT it runs in its settings.": "Choisissez dans son formulaire quel GPT il exécute.",
    },
}


def inner_of(ctx: NodeContext) -> SubFlow:
    """The flow within the block. Raises NodeError where it has none."""
    if ctx.sub_flow is None:
        raise NodeError(
            "This block has no flow to run.", "Choose which GPT it runs in its settings.", code="flow.none"
        )
    return ctx.sub_flow


@node_kind(
    id="flow.sub",
    label="GPT as a block",
    icon="package_2",
    group="flows",
    can_be_tool=True,
    flow_of=lambda config: flow_in(config.flow),
    dynamic_inputs=lambda config: inputs_of(flow_in(config.flow)),
    dynamic_outputs=lambda config: outputs_of(flow_in(config.flow)),
    summarise=lambda config: first_words(name_in(config.flow)),
    check=lambda config: check_flow(config.flow),
    texts=TEXTS,
)
async def sub_flow(config: Config, inputs: OpenPorts, ctx: NodeContext) -> OpenPorts:
    """Runs a whole GPT as one block, with its own inputs and outputs."""
    return OpenPorts(**await inner_of(ctx).run(dict(inputs)))
