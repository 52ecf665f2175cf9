"""Call one operation of a web service, as its specification describes it."""

from collections.abc import Iterable, Sequence

from pydantic import BaseModel, Field

from flowloom.errors import Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import OpenPorts, node_kind
from flowloom.kinds.operations import Operation
from flowloom.kinds.port import Port
from flowloom.kinds.values import ToolSpec
from flowloom.nodes.readable import first_words
from flowloom.nodes.tools.arguments import ports_of, schema_of
from flowloom.nodes.tools.calls import call, check_operation, refuse_failure
from flowloom.nodes.tools.http_request import Outputs, outputs_of
from flowloom.nodes.tools.requests import host_in, refuse

REPEATABLE = ("GET", "HEAD")


class Config(BaseModel):
    operation: Operation | None = Field(
        default=None,
        title="Operation",
        description="What the service should do. Its values become inputs of this block.",
        json_schema_extra={"widget": "operation"},
    )
    connection: str = Field(
        default="",
        title="Account",
        description="How to sign in. Keys are stored in Settings, never in the GPT.",
        max_length=100,
        json_schema_extra={"widget": "connection"},
    )
    timeout: float = Field(
        default=30, title="Timeout in seconds", description="How long to wait for an answer.", ge=1, le=300
    )
    fail_on_error: bool = Field(
        default=True,
        title="Stop on an error",
        description="If on, an answer such as “404 not found” is an error. If off, it is passed on.",
    )


Inputs = OpenPorts

TEXTS = {
    "zh": {
        "Action": "操作",
        "Calls one operation of a web service, using its OpenAPI description.": (
            "调用网络服务提供的一项功能，依据该服务自己的说明（OpenAPI）。"
        ),
        "Operation": "功能",
        "What the service should do. Its values become inputs of this block.": (
            "请服务做什么。它需要的值会成为这个模块的输入。"
        ),
        "Account": "账户",
        "How to sign in. Keys are stored in Settings, never in the GPT.": (
            "如何登录那里。密钥保存在设置里，绝不写进 GPT。"
        ),
        "No operation has been chosen yet.": "还没有选择功能。",
        "Open the block and choose what the service should do.": "打开这个模块，选择让服务做什么。",
    },
    "fr": {
        "Action": "Action",
        "Calls one operation of a web service, using its OpenAPI description.": (
            "Fait une chose qu’un service web propose, selon la description (OpenAPI) du service."
        ),
        "Operation": "Opération",
        "What the service should do. Its values become inputs of this block.": (
            "Ce que l’on demande au service. Ses valeurs deviennent les entrées de ce bloc."
        ),
        "Account": "Compte",
        "How to sign in. Keys are stored in Settings, never in the GPT.": (
            "Comment s’y identifier. Les clés restent dans les Réglages, jamais dans le GPT."
        ),
        "No operation has been chosen yet.": "Aucune opération n’est encore choisie.",
        "Open the block and choose what the service should do.": (
            "Ouvrez le bloc et choisissez ce que le service doit faire."
        ),
    },
}


def value_ports(config: Config) -> Sequence[Port]:
    return ports_of(config.operation) if config.operation else ()


def check(config: Config) -> Iterable[Problem]:
    if config.operation is None:
        yield Problem.of(
            "action.none",
            "No operation has been chosen yet.",
            "Open the block and choose what the service should do.",
        )
    else:
        yield from check_operation(config.operation)


def offers(config: Config) -> Sequence[ToolSpec]:
    operation = config.operation
    if operation is None:
        return ()
    about = ". ".join(filter(None, (operation.summary, operation.about))) or operation.id
    return [ToolSpec(name="", description=about, parameters=schema_of(operation))]


def summarise(config: Config) -> str:
    operation = config.operation
    return first_words(f"{operation.title} · {''.join(host_in(operation.server))}") if operation else ""


@node_kind(
    id="action",
    label="Action",
    icon="bolt",
    group="tools",
    can_be_tool=True,
    offers=offers,
    safe_to_repeat=False,
    repeats=lambda config: config.operation is not None and config.operation.method in REPEATABLE,
    effects=frozenset({"sends"}),
    hosts=lambda config: host_in(config.operation.server) if config.operation else (),
    summarise=summarise,
    check=check,
    tune="operation",
    dynamic_inputs=value_ports,
    texts=TEXTS,
)
async def action(config: Config, inputs: OpenPorts, ctx: NodeContext) -> Outputs:
    """Calls one operation of a web service, using its OpenAPI description."""
    refuse(check(config))
    assert config.operation is not None
    reply = await call(config.operation, inputs.model_extra or {}, config.connection, config.timeout, ctx)
    if config.fail_on_error:
        refuse_failure(reply, "".join(host_in(config.operation.server)))
    return outputs_of(reply)
