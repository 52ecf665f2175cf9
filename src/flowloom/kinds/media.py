"""Pictures and sounds as they travel between blocks and the models that make them or make sense of them."""

from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any, Literal, Protocol, TypeVar

from pydantic import Field, model_validator

from flowloom.errors import ModelError, Problem
from flowloom.kinds.values import Attachment, Usage, Value

PictureSize = Literal["square", "wide", "tall"]
Quality = Literal["auto", "low", "medium", "high"]
SoundFormat = Literal["mp3", "wav", "ogg", "flac"]


class Picture(Attachment):
    """A file that is a picture; any may be tried, as only what it holds can tell."""

    @model_validator(mode="before")
    @classmethod
    def _of_a_file(cls, value: Any) -> Any:
        return value.model_dump() if isinstance(value, Attachment) else value


class PictureWish(Value):
    """A picture to be made. `language` is that of what the practice model says."""

    prompt: str
    model: str = "pictures"
    size: PictureSize = "square"
    quality: Quality = "auto"
    language: str = "en"


class SpeechWish(Value):
    """A text to be spoken."""

    text: str
    model: str = "voice"
    voice: str = ""
    format: SoundFormat = "mp3"
    language: str = "en"


class Recording(Value):
    """Speech to be written down; `spoken` is its language where that is known, as in `en`."""

    data: bytes = Field(repr=False)
    model: str = "hearing"
    spoken: str = ""
    language: str = "en"


class Result(Value):
    """What a model made of media: what that took, and what the person should be told of it."""

    usage: Usage = Usage()
    warnings: tuple[Problem, ...] = ()


R = TypeVar("R", bound=Result)


class Made(Result):
    """A picture or sound that a model made. `note` is what its maker says of it."""

    data: bytes = Field(repr=False)
    media_type: str
    note: str = ""


class Written(Result):
    """What was said in a recording; `seconds` is how long it is, None where nobody knows."""

    text: str
    seconds: float | None = None


class Judgement(Result):
    """The names of what a moderation found unwanted in a text, as the vendor calls them."""

    unwanted: tuple[str, ...] = ()


class Media(Protocol):
    """Models that draw, speak, listen and judge."""

    async def draw(self, wish: PictureWish) -> Made:
        """Make a picture. Raises ModelError."""
        ...

    async def speak(self, wish: SpeechWish) -> Made:
        """Make a sound of a text. Raises ModelError."""
        ...

    async def write_down(self, recording: Recording) -> Written:
        """What is said in a recording. Raises ModelError."""
        ...

    async def judge(self, text: str, model: str) -> Judgement:
        """What a vendor's moderation finds in a text. Raises ModelError."""
        ...


class WatchedMedia:
    """Fulfils `Media`: `during` is entered with the model that is asked and may refuse, `after` hears what came."""

    def __init__(
        self,
        media: Media,
        during: Callable[[str], AbstractAsyncContextManager[None]],
        after: Callable[[str, Result], None],
    ) -> None:
        self._media, self._during, self._after = media, during, after

    async def draw(self, wish: PictureWish) -> Made:
        return await self._watched(wish.model, self._media.draw(wish))

    async def speak(self, wish: SpeechWish) -> Made:
        return await self._watched(wish.model, self._media.speak(wish))

    async def write_down(self, recording: Recording) -> Written:
        return await self._watched(recording.model, self._media.write_down(recording))

    async def judge(self, text: str, model: str) -> Judgement:
        return await self._watched(model, self._media.judge(text, model))

    async def _watched(self, model: str, work: Coroutine[Any, Any, R]) -> R:
        try:
            async with self._during(model):
                result = await work
                self._after(model, result)
                return result
        finally:
            work.close()  # where it was refused, it never began


class NoMedia:
    """Fulfils `Media` where nobody draws, speaks or listens."""

    async def draw(self, wish: PictureWish) -> Made:
        raise self._nobody()

    async def speak(self, wish: SpeechWish) -> Made:
        raise self._nobody()

    async def write_down(self, recording: Recording) -> Written:
        raise self._nobody()

    async def judge(self, text: str, model: str) -> Judgement:
        raise self._nobody()

    @staticmethod
    def _nobody() -> ModelError:
        return ModelError("Images and voice aren’t available here.", "Run the GPT in the app.", code="media.none")
