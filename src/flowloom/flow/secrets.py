"""Keeps secret values out of flow files: a flow names a secret, `{"$secret": "openai"}`, and never holds it."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from flowloom.errors import Problem
from flowloom.flow.model import Flow

SHAPES = re.compile(
    r"""
    \b(?:
      sk-(?:ant-|proj-|or-|svcacct-)?[A-Za-z0-9_-]{20,}         # OpenAI, Anthropic, OpenRouter, DeepSeek
    | gh[pousr]_[A-Za-z0-9]{20,} | github_pat_[A-Za-z0-9_]{20,}
    | glpat-[A-Za-z0-9_-]{16,}
    | xox[abprs]-[A-Za-z0-9-]{10,}                                # Slack
    | (?:AKIA|ASIA)[A-Z0-9]{16}\b                                 # AWS
    | AIza[A-Za-z0-9_-]{30,}                                      # Google
    | ya29\.[A-Za-z0-9_-]{20,}
    | hf_[A-Za-z0-9]{20,} | gsk_[A-Za-z0-9]{20,} | r8_[A-Za-z0-9]{20,} | nvapi-[A-Za-z0-9_-]{20,}
    | pplx-[A-Za-z0-9]{20,} | tvly-[A-Za-z0-9-]{16,} | xai-[A-Za-z0-9]{20,}
    | [rs]k_(?:live|test)_[A-Za-z0-9]{16,} | whsec_[A-Za-z0-9]{16,}       # Stripe
    | SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}                  # SendGrid
    | npm_[A-Za-z0-9]{20,} | pypi-[A-Za-z0-9_-]{20,} | dop_v1_[a-f0-9]{20,}
    | \d{8,10}:AA[A-Za-z0-9_-]{30,}                               # Telegram
    | (?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}+\.eyJ[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]{8,}   # JSON web token
    | (?:Bearer|Basic)\s++[A-Za-z0-9+/=._~-]{16,}
    | [0-9a-f]{32}\.[A-Za-z0-9]{16}\b                             # Zhipu
    )
    | -----BEGIN\ (?:[A-Z]{1,20}\ ){0,5}PRIVATE\ KEY
    | (?<![a-z0-9+.-])[a-z0-9+.-]++://[^\s/:@{}]*+:[^\s/@{}]++@    # a password inside an address
    """,
    re.VERBOSE,
)
"""Each begins where a word or an address begins, so that a long word is read once, not from each letter."""
LONG = 200
"""Characters of a text that is not read again at every save."""
HIDDEN = "•••"
KEYS = re.compile(
    r"(?:^|[_\-\s])(?:api[_-]?key|apikey|secret|token|password|passwd|authorization|x-api-key|private[_-]?key"
    r"|access[_-]?key|credentials?)$",
    re.IGNORECASE,
)


def find_secrets(flow: Flow) -> Iterator[Problem]:
    """Everything in a flow that looks like a secret's value, each placed at its node."""
    for node in flow.nodes:
        values = {
            "config": node.config,
            "name": node.name,
            "settings": node.settings.model_dump(exclude_defaults=True),
        }
        if holds_secret(values):
            yield _problem(node.name or node.id).at(node.id)
    rest = flow.model_dump(exclude={"nodes", "edges", "layout", "picture"})
    if holds_secret(rest):
        yield _problem(flow.name or flow.id)


def looks_secret(text: str) -> bool:
    """Whether a text contains the shape of a key, token or password."""
    return _long_looks_secret(text) if len(text) >= LONG else SHAPES.search(text) is not None


@lru_cache(4096)
def _long_looks_secret(text: str) -> bool:
    """Remembered: a flow is saved at every drag, or brought in whole, and its long texts are the same as before."""
    return SHAPES.search(text) is not None


def hide_secrets(text: str) -> str:
    """The text with whatever has the shape of a key, token or password taken out."""
    return HIDDEN if "PRIVATE KEY-----" in text else SHAPES.sub(HIDDEN, text)


def without_secrets(value: Any) -> Any:
    """The same data with every key, token or password taken out that a flow file would be refused for."""
    match value:
        case str():
            return hide_secrets(value)
        case dict():
            row = _is_secret_row(value)
            return {
                hide_secrets(str(key)): ""
                if isinstance(item, str) and (_is_named_secret(key, item) or (row and key == "value"))
                else without_secrets(item)
                for key, item in value.items()
            }
        case list() | tuple():
            return [without_secrets(item) for item in value]
    return value


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
    return _is_named_secret(key, item) or holds_secret(item)


def _is_named_secret(key: Any, item: Any) -> bool:
    return isinstance(item, str) and len(item) >= 8 and KEYS.search(str(key)) is not None and "{{" not in item


def _is_secret_row(value: dict[str, Any]) -> bool:
    """A form's row, such as a header: {"name": "X-Api-Key", "value": "…"}."""
    name, item = value.get("name"), value.get("value")
    return isinstance(name, str) and isinstance(item, str) and name != "value" and _is_secret_entry(name, item)


def _problem(place: str) -> Problem:
    return Problem.of(
        "secret.in_flow",
        "“{place}” contains what looks like a key or password, and flow files get shared.",
        "Remove it here and add it in Settings. The flow then only refers to it.",
        place=place[:60] if not looks_secret(place) else "This flow",
    )
