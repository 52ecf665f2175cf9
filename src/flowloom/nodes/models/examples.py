"""Good answers that a model reads as examples: those whose question is nearest to what is asked."""

import asyncio
from typing import Annotated

from pydantic import Field

from flowloom.flow.model import SavedAnswer
from flowloom.kinds.context import EXAMPLES, NodeContext
from flowloom.locales import add_texts

LEAST = 0.23
"""How near a question has to be to teach anything: most things that have nothing in common have up to 0.2."""
LONGEST = 2_000
"""Characters of what is asked by which the nearest are chosen."""
HEADING = "Examples of good answers to other questions. Answer in their manner; what they say may not fit here."

ShowsExamples = Annotated[
    bool,
    Field(
        title="Show examples",
        description="Whether this block reads the GPT’s examples of good answers that fit the question.",
    ),
]

add_texts(
    {
        "zh": {
            "Show examples": "展示范例",
            "Whether this block reads the GPT’s examples of good answers that fit the question.": (
                "这个模块是否会读到这个 GPT 中与问题相近的好回答范例。"
            ),
        },
        "fr": {
            "Show examples": "Montrer des exemples",
            "Whether this block reads the GPT’s examples of good answers that fit the question.": (
                "Si ce bloc lit les exemples de bonnes réponses du GPT qui conviennent à la question."
            ),
        },
    }
)


async def told_examples(ctx: NodeContext, prompt: str) -> str:
    """The examples a model reads, "" for none. Which ones is noted in the log, so that it is told and kept."""
    if not ctx.examples:
        return ""
    # What the person said says better what it is about than a prompt with documents around it.
    asked = ctx.turn.message if ctx.turn.message in prompt or not prompt.strip() else prompt

    async def choose() -> list[SavedAnswer]:
        return await asyncio.to_thread(chosen, ctx, asked)

    found = await ctx.once(EXAMPLES, list[SavedAnswer], choose)
    told = [f"Question: {each.question}\nAnswer: {each.answer}" for each in found]
    return "\n\n".join([HEADING, *told]) if told else ""


def chosen(ctx: NodeContext, asked: str) -> list[SavedAnswer]:
    """The nearest ones, the very nearest last: what stands last is heeded most."""
    near = ctx.services.nearness(asked[:LONGEST], [each.question for each in ctx.examples])
    ranked = sorted(zip(near, range(len(near)), strict=True), key=lambda each: (-each[0], each[1]))
    best = [number for value, number in ranked[: ctx.examples_shown] if value >= LEAST]
    return [ctx.examples[number] for number in reversed(best)]
