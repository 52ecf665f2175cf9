"""Pictures and voices of OpenAI and the servers that speak like it, through the openai SDK."""

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from flowloom.errors import FlowloomError, ModelError
from flowloom.kinds.content import sound_kind
from flowloom.kinds.http import HttpRequest
from flowloom.kinds.media import Judgement, Made, PictureWish, Recording, SpeechWish, Written
from flowloom.services.formats import pictures, sounds
from flowloom.services.media import costs, media_problems
from flowloom.services.media.bounded import open_bounded
from flowloom.services.models import failures, refusals
from flowloom.services.models.bounds import too_much_in
from flowloom.services.models.openai_chat import base_url
from flowloom.services.models.settings import Price, Provider
from flowloom.services.network.guarded_requests import GuardedHttp

if TYPE_CHECKING:
    from openai import AsyncOpenAI

T = TypeVar("T")

SIZES = {"square": "1024x1024", "wide": "1536x1024", "tall": "1024x1536"}
DALLE = {"square": "1024x1024", "wide": "1792x1024", "tall": "1024x1792"}
VOICE = "alloy"
MAX_POINTS = 4096 * 4096
# Base64 takes four bytes for three, and JSON stands around it.
MAX_ANSWER = pictures.MAX_BYTES * 4 // 3 + 100_000
JUDGED_AT_ONCE = 8_000
_OPTIONAL = ("response_format", "quality", "size")
"""What servers may refuse, in the order to blame when they do not say which of it they mean."""


class OpenAIMedia:
    """What one provider draws, speaks and hears. A client lives as long as one question to it."""

    def __init__(
        self,
        provider: Provider,
        key: str,
        prices: Mapping[str, Price],
        clean: Callable[[str], str] = str,
        seconds: float = 180.0,
    ) -> None:
        self._provider, self._key, self._prices = provider, key, prices
        self._clean, self._seconds = clean, seconds

    def __repr__(self) -> str:
        return f"OpenAIMedia({self._provider.id!r})"

    async def draw(self, model: str, wish: PictureWish) -> Made:
        """Make a picture. Raises ModelError."""
        body = _drawing(model, wish)
        answer = await self._ask(model, MAX_ANSWER, lambda client: _generate(client, body))
        drawn = next(iter(getattr(answer, "data", None) or ()), None)
        if drawn is None:
            raise failures.garbage(self._provider)
        data = await self._bytes(drawn, model)
        media_type = await asyncio.to_thread(self._checked, data, model)
        usage = costs.of_tokens(model, getattr(answer, "usage", None), self._provider, self._prices, "image")
        return Made(data=data, media_type=media_type, note=self._note(drawn), usage=usage)

    async def speak(self, model: str, wish: SpeechWish) -> Made:
        """Make a sound of a text. Raises ModelError."""
        format: Any = "opus" if wish.format == "ogg" else wish.format

        async def say(client: "AsyncOpenAI") -> bytes:
            spoken = await client.audio.speech.create(
                model=model, input=wish.text, voice=wish.voice.strip() or VOICE, response_format=format
            )
            return spoken.content

        data = await self._ask(model, sounds.MAX_BYTES, say)
        media_type = sound_kind(data)
        if not media_type:
            raise media_problems.no_sound(self._provider, model)
        usage = costs.of_characters(model, len(wish.text), self._provider)
        return Made(data=data, media_type=media_type, usage=usage)

    async def write_down(self, model: str, recording: Recording, media_type: str) -> Written:
        """What is said in a recording. Raises ModelError."""
        hint: dict[str, Any] = {"language": recording.spoken} if recording.spoken else {}

        async def listen(client: "AsyncOpenAI") -> Any:
            # The name is ours: of a person's own only what the file holds may go out.
            file = f"recording{sounds.ENDINGS[media_type]}", recording.data, media_type
            return await client.audio.transcriptions.create(file=file, model=model, response_format="json", **hint)

        answer = await self._ask(model, 1_000_000, listen)
        text = getattr(answer, "text", None)
        if not isinstance(text, str):
            raise failures.garbage(self._provider)
        usage = costs.of_hearing(model, getattr(answer, "usage", None), self._provider, self._prices)
        return Written(text=self._clean(text.strip()), seconds=sounds.seconds_of(recording.data), usage=usage)

    async def judge(self, model: str, text: str) -> Judgement:
        """What the moderation finds unwanted in a text. Raises ModelError."""
        parts = [text[at : at + JUDGED_AT_ONCE] for at in range(0, len(text), JUDGED_AT_ONCE)]
        answer = await self._ask(
            model, 1_000_000, lambda client: client.moderations.create(model=model, input=parts)
        )
        results = getattr(answer, "results", None)
        if not isinstance(results, list) or len(results) != len(parts):
            raise failures.garbage(self._provider)
        named = [name for each in results for name in _flagged(each)]
        usage = costs.of_moderation(model, self._provider)
        return Judgement(unwanted=tuple(dict.fromkeys(map(self._clean, named))), usage=usage)

    async def _ask(self, model: str, most: int, question: "Callable[[AsyncOpenAI], Awaitable[T]]") -> T:
        """The answer to one question, within the time and the size it may take. Raises ModelError."""
        client = await asyncio.to_thread(open_bounded, self._provider, self._key, self._seconds, most)
        try:
            async with client, asyncio.timeout(self._seconds):
                return await question(client)
        except TimeoutError:
            raise media_problems.slow(self._provider, self._seconds) from None
        except Exception as error:  # the vendor's library raises a family of its own, told apart in failures
            if too_much_in(error):
                raise media_problems.too_much(self._provider) from None
            raise media_problems.explain(error, self._provider, model, self._key) from None

    async def _bytes(self, drawn: Any, model: str) -> bytes:
        """The picture itself: as it came, or from where it can be fetched."""
        packed, url = getattr(drawn, "b64_json", None), getattr(drawn, "url", None)
        try:
            for text in (packed, url):
                if isinstance(text, str) and text and (text is packed or text.startswith("data:")):
                    letters = text.partition("base64,")[2] if text.startswith("data:") else text
                    return base64.b64decode("".join(letters.split()), validate=True)
        except (binascii.Error, ValueError):
            raise media_problems.no_picture(self._provider, model) from None
        if not isinstance(url, str) or not url:
            raise failures.garbage(self._provider)
        return await self._fetched(url, model)

    async def _fetched(self, url: str, model: str) -> bytes:
        # Only the server the person set up may be on this network; what it points at must be public.
        own = urlsplit(base_url(self._provider)).netloc.rpartition("@")[2]
        http = GuardedHttp(frozenset({own}), pictures.MAX_BYTES + 1, self._seconds)
        try:
            reply = await http.request(HttpRequest(url=url, timeout=self._seconds))
        except FlowloomError as error:
            raise ModelError.from_problem(error.problem) from None
        if len(reply.data) > pictures.MAX_BYTES:
            raise media_problems.too_much(self._provider)
        if reply.status != 200:
            raise media_problems.no_picture(self._provider, model)
        return reply.data

    def _checked(self, data: bytes, model: str) -> str:
        """The media type of a picture that can be drawn to its last line."""
        try:
            media_type = pictures.media_type_of("", data, MAX_POINTS)
            pictures.thumbnail(data, 64)
            return media_type
        except FlowloomError:
            raise media_problems.no_picture(self._provider, model) from None

    def _note(self, drawn: Any) -> str:
        said = getattr(drawn, "revised_prompt", None)
        return self._clean(said[:4_000]) if isinstance(said, str) else ""


def _drawing(model: str, wish: PictureWish) -> dict[str, Any]:
    old = model.startswith("dall-e")
    body: dict[str, Any] = {"model": model, "prompt": wish.prompt, "n": 1}
    body["size"] = (DALLE if old else SIZES)[wish.size]
    if wish.quality != "auto" and not old:
        body["quality"] = wish.quality
    # The newer models of OpenAI always send the picture itself, and refuse to be asked for it.
    return body if model.startswith(("gpt-image", "chatgpt-image")) else body | {"response_format": "b64_json"}


async def _generate(client: "AsyncOpenAI", body: dict[str, Any]) -> Any:
    """Ask for a picture, again without what the server refused: a refused question costs nothing."""
    while True:
        try:
            return await client.images.generate(**body)
        except Exception as error:
            blamed = _blame(error, body)
            if blamed is None:
                raise
            body = {name: value for name, value in body.items() if name != blamed}


def _blame(error: Exception, body: Mapping[str, Any]) -> str | None:
    if refusals.status_of(error) not in (400, 422):
        return None
    said = f"{refusals.detail_of(error)} {getattr(error, 'param', '')}".lower()
    return next((name for name in _OPTIONAL if name in body and name in said), None)


def _flagged(result: Any) -> list[str]:
    """What one part of a text was flagged for; a name of ours where only the flag is set."""
    categories: Any = getattr(result, "categories", None)
    said = categories.model_dump(by_alias=True) if hasattr(categories, "model_dump") else {}
    named = [name for name, unwanted in said.items() if unwanted is True]
    return named or (["unwanted"] if getattr(result, "flagged", False) is True else [])
