"""Ask a model to write a prompt better, and refuse what would change what the prompt takes in."""

import re

from flowloom.errors import ModelError
from flowloom.kinds.services import Models
from flowloom.kinds.values import Message, ModelRequest
from flowloom.services.models.router import find_model
from flowloom.services.models.settings import ModelSettings

TASK = """You improve prompts and instructions that people write for language models.
Rewrite the text between <prompt> and </prompt>: clear, specific, well ordered, no longer than it needs to be. \
Keep its meaning, its purpose and its language. Do not carry out the prompt and do not answer it.
What stands in double braces, such as {{message}}, is replaced by a value later. Keep each one exactly as it is, \
lose none and invent none. Keep whatever stands in {% %} as it is.
Answer with the new text alone: no tags, no quotation marks, no remarks."""
_FENCE = re.compile(r"```[\w-]*\n(.*)\n?```", re.DOTALL)
_TAGS = re.compile(r"<prompt>((?:[^<]|<(?!/?prompt>))*+)</prompt>")
_BRACES = re.compile(r"\{\{((?:[^{}]|\{(?!\{)|\}(?!\}))*+)\}\}", re.DOTALL)
_STATEMENTS = re.compile(r"\{%(?:[^{%]|\{(?!%)|%(?!\}))*+%\}", re.DOTALL)


def is_real(settings: ModelSettings, model: str) -> bool:
    """Whether a role or `provider/model` leads to a model that can write. Raises ModelError."""
    return find_model(settings, model)[0].kind != "practice"


async def improve(models: Models, prompt: str, model: str, wish: str = "") -> str:
    """The prompt, written better as a person wishes. Raises ModelError, also where a name was lost or invented."""
    wished = f"\n\nWhat should be better: {wish.strip()}" if wish.strip() else ""
    request = ModelRequest(
        messages=[
            Message(role="system", text=TASK),
            Message(role="user", text=f"<prompt>\n{prompt}\n</prompt>{wished}"),
        ],
        model=model,
    )
    reply = await models.reply(request, lambda piece: None)
    better = _alone(reply.text, prompt)
    _require_same_names(prompt, better)
    return better


def _alone(said: str, prompt: str) -> str:
    """The new text without what models like to put around it."""
    text = said.strip()
    for around in (_FENCE, _TAGS):
        found = around.fullmatch(text)
        if found and not around.fullmatch(prompt.strip()):
            text = found[1].strip()
    return text


def _require_same_names(prompt: str, better: str) -> None:
    if not better:
        raise ModelError(
            "The model returned nothing.", "Try again, or choose another model.", code="model.improve_empty"
        )
    old, new = _names(prompt), _names(better)
    lost, invented = [name for name in old if name not in new], [name for name in new if name not in old]
    if lost:
        raise ModelError(
            "The model left out “{name}”, so its text wasn’t used.",
            "Try again, or choose another model.",
            code="model.improve_lost",
            name=lost[0],
        )
    if invented:
        raise ModelError(
            "The model added “{name}”, which this prompt doesn’t have, so its text wasn’t used.",
            "Try again, or choose another model.",
            code="model.improve_invented",
            name=invented[0],
        )


def _names(text: str) -> list[str]:
    """Whatever stands in braces, once each, whatever the spaces around it."""
    inner = [f"{{{{{' '.join(name.split())}}}}}" for name in _BRACES.findall(text)]
    return list(dict.fromkeys([*inner, *_STATEMENTS.findall(text)]))
