"""How the web is searched, as far as it is no secret."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from flowloom.services.files import write_whole
from flowloom.services.network.addresses import parse_url

SECRETS = {"tavily": "search-tavily", "brave": "search-brave", "openai": "openai"}
"""Under which name the key of a provider is kept; OpenAI's is that of its models."""


class WebSettings(BaseModel):
    """`searxng` is the address of a SearXNG server of one's own, "" for none."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    searxng: str = ""


def load_web_settings(home: Path) -> WebSettings:
    try:
        return WebSettings.model_validate_json((home / "web.json").read_bytes())
    except (OSError, ValidationError):
        return WebSettings()


def save_web_settings(home: Path, settings: WebSettings) -> None:
    """Keep them. Raises HttpError where the address is none."""
    if settings.searxng:
        parse_url(settings.searxng)
    write_whole(home / "web.json", settings.model_dump_json().encode())
