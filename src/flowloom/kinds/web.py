"""The web as a person reads it: pages, and what a search finds."""

from typing import Protocol

from flowloom.errors import NodeError
from flowloom.kinds.values import Usage, Value


class WebPage(Value):
    """What a person reads on a page, and where it leads: `links` are pairs of words and address."""

    url: str
    title: str = ""
    text: str = ""
    links: tuple[tuple[str, str], ...] = ()


class WebResult(Value):
    """One thing a search of the web found."""

    title: str
    url: str
    text: str = ""


class WebFindings(Value):
    """What a search of the web found; `answer` where the provider writes one, `usage` where that costs tokens."""

    results: tuple[WebResult, ...] = ()
    answer: str = ""
    usage: Usage | None = None


class Web(Protocol):
    """Pages of the web as a person reads them, and searches for them."""

    async def read(self, url: str, longest: int) -> WebPage:
        """The main text of a page, cut off after so many characters. Raises HttpError."""
        ...

    async def search(self, query: str, provider: str, count: int, language: str, model: str) -> WebFindings:
        """What a provider finds; `model` is for those that let one write. Raises HttpError and SecretError."""
        ...

    def searched_at(self, provider: str, language: str) -> str:
        """The address a provider is asked at. Raises HttpError where none is set."""
        ...


class NoWeb:
    """Fulfils `Web` where nothing leads there."""

    async def read(self, url: str, longest: int) -> WebPage:
        raise NodeError("The web can’t be reached from here.", "Run the GPT in the app.", code="web.none")

    async def search(self, query: str, provider: str, count: int, language: str, model: str) -> WebFindings:
        raise NodeError("The web can’t be reached from here.", "Run the GPT in the app.", code="web.none")

    def searched_at(self, provider: str, language: str) -> str:
        return ""
