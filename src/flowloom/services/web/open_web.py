"""The web through guarded requests: pages cleaned for reading, and one search for all providers."""

import asyncio
from collections.abc import Callable, Mapping

from flowloom.errors import HttpError, SecretError
from flowloom.kinds.http import HttpReply, HttpRequest
from flowloom.kinds.web import WebFindings, WebPage
from flowloom.services.network.addresses import host_of, parse_url
from flowloom.services.network.guarded_requests import GuardedHttp
from flowloom.services.secrets import SecretStore
from flowloom.services.web.pages import MAX_BYTES, page_of
from flowloom.services.web.search import ADDRESSES, NAMES, Wish, findings_of, request_of
from flowloom.services.web.settings import SECRETS, WebSettings

AGENT = {"user-agent": "Mozilla/5.0 (compatible; Flowloom)", "accept": "text/html,application/pdf,text/plain,*/*"}
WIKIS = ("en", "fr", "zh")
MakeHttp = Callable[..., GuardedHttp]


class OpenWeb:
    """Fulfils `Web`. `addresses` are those of the providers."""

    def __init__(
        self,
        secrets: SecretStore,
        settings: WebSettings,
        make_http: MakeHttp = GuardedHttp,
        addresses: Mapping[str, str] = ADDRESSES,
    ) -> None:
        self.settings = settings
        self._secrets, self._make_http, self._addresses = secrets, make_http, addresses

    async def read(self, url: str, longest: int) -> WebPage:
        """The main text of a page, cut off after so many characters. Raises HttpError and KnowledgeError."""
        http = self._make_http(max_bytes=MAX_BYTES)
        reply = await http.request(HttpRequest(url=url.strip(), headers=AGENT, timeout=30))
        if reply.status >= 400:
            raise HttpError(
                "{host} has no such page (status {status}).",
                "Open the page in a browser and copy its address from there.",
                host=parse_url(reply.url).host,
                status=reply.status,
            )
        page = await asyncio.to_thread(page_of, reply)
        if len(page.text) <= longest:
            return page
        return page.model_copy(update={"text": page.text[:longest].rstrip() + " …"})

    async def search(self, query: str, provider: str, count: int, language: str, model: str) -> WebFindings:
        """What a provider finds. Raises HttpError and SecretError."""
        wish = Wish(query, count, self.searched_at(provider, language), self._key(provider), model)
        reply = await self._http_for(provider, wish).request(request_of(provider, wish))
        if reply.status >= 400:
            raise _refused(provider, reply)
        try:
            return findings_of(provider, wish, reply.text)
        except ValueError:
            raise HttpError(
                "{provider} returned no search results.",
                "Try again later. For SearXNG, turn on its JSON format.",
                provider=NAMES[provider],
            ) from None

    def _http_for(self, provider: str, wish: Wish) -> GuardedHttp:
        if provider != "searxng":
            return self._make_http()
        url = parse_url(wish.at)
        # The person named this host, so it may be on this computer.
        port = url.port or (443 if url.scheme == "https" else 80)
        return self._make_http(allowed_hosts=frozenset({f"{host_of(url)}:{port}"}))

    def searched_at(self, provider: str, language: str) -> str:
        """The address a provider is asked at. Raises HttpError where none is set."""
        if provider == "searxng":
            if not self.settings.searxng:
                raise HttpError("No SearXNG server is set.", "Enter its address in Settings → Web search.")
            return self.settings.searxng
        return self._addresses[provider].replace("{language}", language if language in WIKIS else "en")

    def _key(self, provider: str) -> str:
        name = SECRETS.get(provider)
        if name is None:
            return ""
        if not self._secrets.has(name):
            raise SecretError(
                "Searching with {provider} needs a key.",
                "Add one in Settings: OpenAI’s under Models, others under Web search.",
                provider=NAMES[provider],
            )
        return self._secrets.reveal(name)


def _refused(provider: str, reply: HttpReply) -> HttpError:
    # What a provider says of an error may quote the key, so only its number is told.
    if reply.status in (401, 403, 422) and provider in SECRETS:
        return HttpError(
            "{provider} didn’t accept the key (status {status}).",
            "Check the key in Settings.",
            provider=NAMES[provider],
            status=reply.status,
        )
    if reply.status in (402, 429, 432, 433):
        return HttpError(
            "{provider} accepts no more searches for now (status {status}).",
            "Wait a while, or check your plan there.",
            provider=NAMES[provider],
            status=reply.status,
        )
    return HttpError(
        "{provider} returned error {status}.",
        "Try again later, or choose another provider. SearXNG needs its JSON format turned on.",
        provider=NAMES[provider],
        status=reply.status,
    )
