"""Let a person say yes or no before the flow goes on."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import node_kind
from flowloom.kinds.people import Choice, Question, Reply
from flowloom.nodes.people.deadlines import Hours, Title, deadline, late_port
from flowloom.nodes.readable import first_words, readable

IfLate = Literal["late", "approved", "declined"]
LABELS: JsonDict = {
    "late": "continue at “Nobody answered”",
    "approved": "count as approved",
    "declined": "count as declined",
}


ASKED: JsonDict = {"labels": {"chat": "whoever chats", "owner": "you, in the inbox"}}


class Config(BaseModel):
    question: Title = "May this be sent?"
    asks: Literal["chat", "owner"] = Field(
        default="chat",
        title="Who approves",
        description="When others use this GPT: whoever chats with it, or you. In your own chat that is the same.",
        json_schema_extra=ASKED,
    )
    hours: Hours = None
    if_late: IfLate = Field(
        default="late",
        title="If nobody answers in time",
        description="What happens when the time to answer is over.",
        json_schema_extra={"labels": LABELS},
    )


class Inputs(BaseModel):
    value: Any = Field(title="What to approve")


class Outputs(BaseModel):
    model_config = ConfigDict(extra="allow")

    approved: Any = Field(None, title="Approved")
    declined: Any = Field(None, title="Declined")
    comment: str = Field("", title="Comment")


TEXTS = {
    "zh": {
        "Approve": "审批",
        "Asks a person to approve, and continues when they answer, even weeks later.": (
            "把内容给人看，并按其同意或拒绝继续，无论是几分钟还是几周之后。"
        ),
        "continue at “Nobody answered”": "从“无人回答”传出",
        "count as approved": "视为同意",
        "count as declined": "视为拒绝",
        "If nobody answers in time": "如果无人按时回答",
        "What happens when the time to answer is over.": "超过回答时限后怎么办。",
        "What to approve": "待审批的内容",
        "Who approves": "由谁审批",
        "whoever chats": "正在聊天的人",
        "you, in the inbox": "你，在收件箱中",
        "When others use this GPT: whoever chats with it, or you. In your own chat that is the same.": (
            "其他人使用此 GPT 时：由与它聊天的人审批，或由你审批。在你自己的聊天中两者相同。"
        ),
        "Approved": "同意",
        "Declined": "拒绝",
        "Comment": "备注",
    },
    "fr": {
        "Approve": "Approuver",
        "Asks a person to approve, and continues when they answer, even weeks later.": (
            "Montre quelque chose à une personne et continue selon son oui ou son non, "
            "des minutes ou des semaines plus tard."
        ),
        "continue at “Nobody answered”": "sortir par « Personne n’a répondu »",
        "count as approved": "compter comme approuvé",
        "count as declined": "compter comme refusé",
        "If nobody answers in time": "Si personne ne répond à temps",
        "What happens when the time to answer is over.": "Ce qui se passe après le délai de réponse.",
        "What to approve": "À approuver",
        "Who approves": "Qui approuve",
        "whoever chats": "la personne qui discute",
        "you, in the inbox": "vous, dans la boîte de réception",
        "When others use this GPT: whoever chats with it, or you. In your own chat that is the same.": (
            "Quand d’autres utilisent ce GPT : la personne qui discute avec lui, ou vous. "
            "Dans votre propre discussion, cela revient au même."
        ),
        "Approved": "Approuvé",
        "Declined": "Refusé",
        "Comment": "Commentaire",
    },
}


@node_kind(
    id="people.approve",
    label="Approve",
    icon="approval",
    group="people",
    can_be_tool=True,
    chooses=True,
    beside=frozenset({"comment"}),
    dynamic_outputs=lambda config: late_port(config.hours if config.if_late == "late" else None),
    summarise=lambda config: first_words(config.question),
    texts=TEXTS,
)
def approve(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Asks a person to approve, and continues when they answer, even weeks later."""
    shown = readable(inputs.value)
    reply = ctx.ask(
        Question(
            title=config.question,
            text=shown,
            choices=(
                Choice(id="approved", label="Approve", own=False),
                Choice(id="declined", label="Decline", own=False),
            ),
            deadline=deadline(config.hours, ctx),
            default=Reply(choice=config.if_late),
            to_owner=config.asks == "owner",
        )
    )
    # A late answer fires the port of that name, which is there only where it is needed.
    value = shown if reply.choice == "late" else inputs.value
    said = {"comment": reply.comment} if reply.comment else {}
    return Outputs(**{reply.choice: value, **said})
