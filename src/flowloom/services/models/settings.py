"""Which models a person has set up, and which of them plays which role."""

import re
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from flowloom.errors import ModelError
from flowloom.services.files import write_whole

ProviderKind = Literal[
    "practice", "local", "openai", "compatible", "azure", "ollama", "anthropic", "google", "mistral"
]
Role = Literal["default", "fast", "careful"]
ROLES: tuple[Role, ...] = ("default", "fast", "careful")
PRACTICE = "practice/practice"
MediaRole = Literal["pictures", "voice", "hearing", "moderation"]
MEDIA: dict[MediaRole, str] = {
    "pictures": "gpt-image-1",
    "voice": "gpt-4o-mini-tts",
    "hearing": "gpt-4o-mini-transcribe",
    "moderation": "omni-moderation-latest",
}
"""What draws, speaks, listens and judges, and the model of OpenAI that does where a person chose none."""


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Provider(Settings):
    """A vendor or server of models. `secret` names the key in the SecretStore, "" where none is needed."""

    id: str
    kind: ProviderKind
    name: str = ""
    base_url: str = ""
    secret: str = ""
    models: tuple[str, ...] = ()
    paths: dict[str, str] = {}
    """In which file each model of kind `local` lies."""
    at_once: int = Field(default=64, ge=1, le=1000)
    """How many calls may be under way at a time."""

    @field_validator("id")
    @classmethod
    def _plain_id(cls, id: str) -> str:
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", id):
            raise ValueError("a provider's id is a short word of small letters, digits, - and _")
        return id

    @field_validator("base_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        url = url.strip().rstrip("/")
        if url and not re.match(r"https?://[^\s@]+$", url):
            raise ValueError("the address of a model server starts with http:// or https://")
        return url

    @property
    def label(self) -> str:
        return self.name or self.id

    def at(self, address: str) -> "Provider":
        """The same at another address. Raises ValidationError for one that no model server has."""
        return Provider.model_validate({**self.model_dump(), "base_url": address})


class Price(Settings):
    """What a model costs, in US dollars for a million tokens."""

    input: float = Field(ge=0)
    output: float = Field(ge=0)


class Abilities(Settings):
    """What a model was found to do. `forms` is how it fills in a form, "" for not at all; `window` is in tokens."""

    streams: bool
    tools: bool
    forms: Literal["schema", "json", "words", ""]
    pictures: bool
    window: int | None = None


ALL_GPTS = ""
LOCAL = "local"
"""The id of the provider whose models run on this computer itself."""
PRACTICE_PROVIDER = Provider(id="practice", kind="practice", name="Practice model", models=("practice",))


class ModelSettings(Settings):
    """Providers, and for each role the `provider/model` that plays it."""

    providers: tuple[Provider, ...] = (PRACTICE_PROVIDER,)
    roles: dict[str, str] = Field(default_factory=lambda: dict.fromkeys(map(str, ROLES), PRACTICE))
    fallbacks: dict[str, tuple[str, ...]] = {}
    """For each role the `provider/model`s that are asked, in order, where the one that plays it cannot answer."""
    embedding: str | None = None
    """`provider/model` that turns texts into vectors; None is the one that comes with Flowloom."""
    abilities: dict[str, Abilities] = {}
    """What each `provider/model` was found to do."""
    monthly: dict[str, float] = {}
    """What GPTs may spend in a calendar month, in US dollars: by the id of each, or ALL_GPTS for all together."""
    prices: dict[str, Price] = {}
    """The person's own prices by `provider/model` or model, which come before the public ones."""

    def provider(self, id: str) -> Provider | None:
        # The practice model is always there, whatever a file says.
        return next((found for found in (*self.providers, PRACTICE_PROVIDER) if found.id == id), None)

    def with_provider(self, provider: Provider) -> "ModelSettings":
        """The same settings with a provider added, or replaced where its id is known."""
        others = tuple(other for other in self.providers if other.id != provider.id)
        return self.model_copy(update={"providers": (*others, provider)})

    def played_by(self, model: str) -> "ModelSettings":
        """The same settings with a `provider/model` in each role of a flow."""
        return self.model_copy(update={"roles": self.roles | dict.fromkeys(map(str, ROLES), model)})

    def named(self, provider: str) -> list[str]:
        """Every `provider/model` of one provider that plays a role, whether it is among its models or not."""
        lines = (model for line in self.fallbacks.values() for model in line)
        names = [*self.roles.values(), *lines, self.embedding or ""]
        return [name for name in dict.fromkeys(names) if name.startswith(f"{provider}/")]

    def without(self, *gone: str) -> "ModelSettings":
        """The same settings where none of these `provider/model`s plays a role.

        A role that a flow cannot do without goes to the first that stood in for it, else to the practice model.
        """
        fallbacks = {
            role: tuple(model for model in line if model not in gone) for role, line in self.fallbacks.items()
        }
        roles = {role: model for role, model in self.roles.items() if model not in gone}
        for role in map(str, ROLES):
            if role in self.roles and role not in roles:
                roles[role], *others = (*fallbacks.get(role, ()), PRACTICE)
                fallbacks[role] = tuple(model for model in others if model != PRACTICE)
        return self.model_copy(
            update={
                "roles": roles,
                "fallbacks": {role: line for role, line in fallbacks.items() if line},
                "embedding": None if self.embedding in gone else self.embedding,
            }
        )

    def media_model(self, role: MediaRole) -> str:
        """The `provider/model` that draws, speaks, listens or judges: as chosen, else OpenAI's, else practice."""
        vendor = next((provider.id for provider in self.providers if provider.kind == "openai"), "")
        return self.roles.get(role) or (f"{vendor}/{MEDIA[role]}" if vendor else PRACTICE)

    def choices(self) -> list[str]:
        """Every `provider/model` that is set up."""
        return [f"{provider.id}/{model}" for provider in self.providers for model in provider.models]


def load_settings(folder: Path) -> ModelSettings:
    """The settings kept in a folder; those of a new home where there are none. Raises ModelError."""
    path = _path(folder)
    try:
        return ModelSettings.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return ModelSettings()
    except (OSError, ValidationError, ValueError):
        raise ModelError(
            "The model settings can’t be read: {path}",
            "Fix the file, or move it elsewhere to start over with the practice model.",
            path=path,
        ) from None


def save_settings(folder: Path, settings: ModelSettings) -> None:
    """Keep the settings in a folder, whole or not at all. Raises ModelError."""
    try:
        write_whole(_path(folder), (settings.model_dump_json(indent=2) + "\n").encode())
    except OSError as error:
        raise ModelError(
            "The model settings couldn’t be saved ({reason}).",
            "Check that the folder exists, you can write to it and there is free disk space.",
            reason=error.strerror or type(error).__name__,
        ) from None


def _path(folder: Path) -> Path:
    return Path(folder) / "models.json"
