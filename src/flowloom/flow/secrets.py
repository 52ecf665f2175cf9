"""Keeps secret values out of flow files: a flow names a secret, `{"$secret": "openai"}`, and never holds it."""

import re
from collections.abc import Iterator
from typing import Any

from flowloom.errors import Problem
from flowloom.flow.model import Flow

SHAPES = re.compile(
    r"""
      \bsk-(?:ant-|proj-|or-|svcacct-)?[A-Za-z0-9_-]{20,}      # OpenAI, Anthropic, OpenRouter, DeepSeek
    | \bgh[pousr]_[A-Za-z0-9]{20,} | \bgithub_pat_[A-Za-z0-9_]{20,}
    | \bglpat-[A-Za-z0-9_-]{16,}
    | \bxox[abprs]-[A-Za-z0-9-]{10,}                              # Slack
    | \b(?:AKIA|ASIA)[A-Z0-9]{16}\b                               # AWS
    | \bAIza[A-Za-z0-9_-]{30,}                                    # Google
    | \bya29\.[A-Za-z0-9_-]{20,}
    | \bhf_[A-Za-z0-9]{20,} | \bgsk_[A-Za-z0-9]{20,} | \br8_[A-Za-z0-9]{20,} | \bnvapi-[A-Za-z0-9_-]{20,}
    | \bpplx-[A-Za-z0-9]{20,} | \btvly-[A-Za-z0-9-]{16,} | \bxai-[A-Za-z0-9]{20,}
    | \b[rs]k_(?:live|test)_[A-Za-z0-9]{16,} | \bwhsec_[A-Za-z0-9]{16,}   # Stripe
    | \bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}                # SendGrid
    | \bnpm_[A-Za-z0-9]{20,} | \bpypi-[A-Za-z0-9_-]{20,} | \bdop_v1_[a-f0-9]{20,}
    | \b\d{8,10}:AA[A-Za-z0-9_-]{30,}                             # Telegram
    | \beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}     # JSON web token
    | -----BEGIN\ (?:[A-Z]+\ )*PRIVATE\ KEY
    | \b(?:Bearer|Basic)\s+[A-Za-z0-9+/=._~-]{16,}
    | [a-z][a-z0-9+.-]*://[^\s/:@{}]*:[^\s/@{}]+@                 # a password inside an address
    | \b[0-9a-f]{32}\.[A-Za-z0-9]{16}\b                           # Zhipu
    """,
    re.VERBOSE,
)
HIDDEN = "•••"
KEYS = re.compile(
    r"(?:^|[_\-\s])(?:api[_-]?key|apikey|secret|token|password|passwd|authorization|x-api-key|private[_-]?key"
    r"|access[_-]?key|credentials?)$",
    re.IGNORECASE,
)


def find_secrets(flow: Flow) -> Iterator[Problem]:
    """Everything in a flow that looks like a secret's value, each placed at its node."""
    for node in flow.nodes:
        values = {"config": node.config, "name": node.name, "settings": node.settings.model_dump()}
        if holds_secret(values):
            yield _problem(node.name or node.id).at(node.id)
    rest = flow.model_dump(exclude={"nodes", "edges", "layout"})
    if holds_secret(rest):
        yield _problem(flow.name or flow.id)


def looks_secret(text: str) -> bool:
    """Whether a text contains the shape of a key, token or password."""
    return SHAPES.search(text) is not None


def hide_secrets(text: str) -> str:
    """The text with whatever has the shape of a key, token or password taken out."""
    return HIDDEN if "PRIVATE KEY-----" in text else SHAPES.sub(HIDDEN, text)


def holds_secret(value: Any) -> bool:
    """Whether a value holds the shape of a secret anywhere, or something named like one."""
    match value:
        case str():
            return looks_secret(value)
        case dict():
            return any(looks_secret(str(key)) or _is_secret_entry(key, item) for key, item in value.items()) or (
                _is_secret_row(value)
            )
        case list() | tuple():
            return any(holds_secret(item) for item in value)
    return False


def _is_secret_entry(key: Any, item: Any) -> bool:
    if isinstance(item, str) and len(item) >= 8 and KEYS.search(str(key)) and "{{" not in item:
        return True
    return holds_secret(item)


def _is_secret_row(value: dict[str, Any]) -> bool:
    """A form's row, such as a header: {"name": "X-Api-Key", "value": "…"}."""
    name, item = value.get("name"), value.get("value")
    return isinstance(name, str) and isinstance(item, str) and name != "value" and _is_secret_entry(name, item)


def _problem(place: str) -> Problem:
    return Problem.of(
        "secret.in_flow",
        "“{place}” holds what looks like a key or password, and a flow is a file people share.",
        "Take it out here and put it under Settings; the flow then only names it.",
        place=place[:60] if not looks_secret(place) else "This flow",
    )
