"""Pictures and voices of the models a person has set up, or of the practice model where there are none."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from flowloom.errors import ModelError
from flowloom.kinds.media import Judgement, Made, PictureWish, R, Recording, SpeechWish, Written
from flowloom.services.media import media_problems, practice_picture, practice_voice
from flowloom.services.models.fallbacks import Outages, first_that_can, line_up
from flowloom.services.models.router import ModelRouter, find_model, key_of
from flowloom.services.models.settings import Provider
from flowloom.services.secrets import SecretStore

if TYPE_CHECKING:
    from flowloom.services.media.openai_media import OpenAIMedia

SECONDS = 180.0
"""How long a model may take for a picture or a sound."""
NEED_KEYS = ("openai", "azure")
SPEAKS_LIKE_OPENAI = ("openai", "compatible", "azure", "ollama")


class OpenMedia:
    """Fulfils `Media`."""

    def __init__(self, models: ModelRouter, secrets: SecretStore, *, seconds: float = SECONDS) -> None:
        self._models, self._secrets, self._seconds = models, secrets, seconds

    async def draw(self, wish: PictureWish) -> Made:
        """Make a picture. Raises ModelError."""
        if not wish.prompt.strip():
            raise media_problems.nothing_to_draw()

        async def made(provider: Provider, model: str) -> Made:
            if provider.kind == "practice":
                # Other runs go on meanwhile.
                return await asyncio.to_thread(practice_picture.draw, wish)
            return await self._open(provider).draw(model, wish)

        return await self._by_whom_can(wish.model, made)

    async def speak(self, wish: SpeechWish) -> Made:
        """Make a sound of a text. Raises ModelError."""
        media_problems.check_spoken(wish.text)

        async def made(provider: Provider, model: str) -> Made:
            if provider.kind == "practice":
                return await asyncio.to_thread(practice_voice.speak, wish)
            return await self._open(provider).speak(model, wish)

        return await self._by_whom_can(wish.model, made)

    async def write_down(self, recording: Recording) -> Written:
        """What is said in a recording. Raises ModelError."""
        media_type = media_problems.checked_sound(recording.data)

        async def made(provider: Provider, model: str) -> Written:
            if provider.kind == "practice":
                return practice_voice.write_down(recording, media_type)
            return await self._open(provider).write_down(model, recording, media_type)

        return await self._by_whom_can(recording.model, made)

    async def judge(self, text: str, model: str) -> Judgement:
        """What a vendor's moderation finds in a text. Raises ModelError."""

        async def made(provider: Provider, name: str) -> Judgement:
            if provider.kind == "practice":
                raise media_problems.no_moderation()
            return await self._open(provider).judge(name, text)

        return await self._by_whom_can(model, made)

    async def _by_whom_can(self, wanted: str, make: Callable[[Provider, str], Awaitable[R]]) -> R:
        """What the model of a role makes, or who stands in for it. Raises ModelError."""
        settings = self._models.settings
        made, warnings = await first_that_can(
            line_up(settings, wanted), lambda name: make(*find_model(settings, name)), Outages()
        )
        return made.model_copy(update={"warnings": warnings}) if warnings else made

    def draws(self) -> bool:
        """Whether a real model that makes pictures is set up."""
        return self._is_real("pictures")

    def speaks(self) -> bool:
        """Whether a real voice is set up."""
        return self._is_real("voice")

    def hears(self) -> bool:
        """Whether a real model that writes down speech is set up."""
        return self._is_real("hearing")

    def _is_real(self, role: str) -> bool:
        try:
            provider, _ = find_model(self._models.settings, role)
        except ModelError:
            return False
        has_key = self._secrets.has(provider.secret) if provider.secret else provider.kind not in NEED_KEYS
        return provider.kind in SPEAKS_LIKE_OPENAI and has_key

    def _open(self, provider: Provider) -> "OpenAIMedia":
        if provider.kind not in SPEAKS_LIKE_OPENAI:
            raise media_problems.not_like_openai(provider)
        from flowloom.services.media.openai_media import OpenAIMedia

        key, prices = key_of(provider, self._secrets), self._models.settings.prices
        return OpenAIMedia(provider, key, prices, self._secrets.scrub, self._seconds)
