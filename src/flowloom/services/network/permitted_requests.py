"""The outside world behind a permit: whatever leaves is told first, host by host."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, unquote_plus

from flowloom.kinds.consents import Permit, Sending
from flowloom.kinds.http import Connections, Http, HttpReply, HttpRequest
from flowloom.kinds.mail import Mail, Mailer
from flowloom.kinds.mcp import PRACTICE, Mcp, McpResult, McpTool
from flowloom.kinds.port import as_text
from flowloom.kinds.services import Services
from flowloom.kinds.web import Web, WebFindings, WebPage
from flowloom.services.network.addresses import host_of, parse_url

if TYPE_CHECKING:
    import httpx

_PLAIN = frozenset({"accept", "accept-language", "content-type", "user-agent"})
"""Headers that tell nothing of the person."""


def watched(services: Services, permit: Permit) -> Services:
    """The same services, each of which asks for a permit before it sends something."""
    return replace(
        services,
        http=_Http(services.http, permit),
        connections=_Connections(services.connections, permit),
        web=_Web(services.web, permit),
        mailer=_Mailer(services.mailer, permit),
        mcp=_Mcp(services.mcp, permit),
    )


@dataclass(frozen=True, slots=True)
class _Http:
    http: Http
    permit: Permit

    async def request(self, request: HttpRequest) -> HttpReply:
        self.permit(sending_of(request))
        return await self.http.request(request)


@dataclass(frozen=True, slots=True)
class _Connections:
    connections: Connections
    permit: Permit

    async def request(self, connection: str, request: HttpRequest) -> HttpReply:
        self.permit(sending_of(request))
        return await self.connections.request(connection, request)


@dataclass(frozen=True, slots=True)
class _Web:
    web: Web
    permit: Permit

    async def read(self, url: str, longest: int) -> WebPage:
        page = parse_url(url)
        self.permit(Sending(to=server_of(page), what=_address(page), opens_page=True))
        return await self.web.read(url, longest)

    async def search(self, query: str, provider: str, count: int, language: str, model: str) -> WebFindings:
        at = parse_url(self.searched_at(provider, language))
        self.permit(Sending(to=server_of(at), what=query))
        return await self.web.search(query, provider, count, language, model)

    def searched_at(self, provider: str, language: str) -> str:
        return self.web.searched_at(provider, language)


@dataclass(frozen=True, slots=True)
class _Mailer:
    mailer: Mailer
    permit: Permit

    def recipients(self, line: str) -> tuple[str, ...]:
        return self.mailer.recipients(line)

    def draft(self, mail: Mail) -> str:
        return self.mailer.draft(mail)

    async def send(self, mail: Mail) -> tuple[str, ...]:
        files = "\n".join(f"+ {file.name} ({len(file.data):,} bytes)" for file in mail.files)
        what = "\n\n".join(filter(None, [mail.subject, mail.text, files]))
        self.permit(Sending(to=", ".join(sorted(mail.to)), what=what))
        return await self.mailer.send(mail)


@dataclass(frozen=True, slots=True)
class _Mcp:
    mcp: Mcp
    permit: Permit

    async def call(self, server: str, tool: McpTool, arguments: Mapping[str, Any], seconds: float) -> McpResult:
        where = self.where(server)
        # The one that comes with the app sends nothing on; where there is none, nothing is sent.
        if where and server != PRACTICE:
            values = [f"  {name} = {as_text(value)}" for name, value in arguments.items()]
            self.permit(Sending(to=where, what="\n".join([tool.name, *values])))
        return await self.mcp.call(server, tool, arguments, seconds)

    def where(self, server: str) -> str:
        return self.mcp.where(server)


def sending_of(request: HttpRequest) -> Sending:
    """What a request tells another computer. Raises HttpError where its address is none."""
    url = parse_url(request.url)
    headers = [f"{name}: {value}" for name, value in request.headers.items() if name.lower() not in _PLAIN]
    head = "\n".join([f"{request.method.upper()} {_address(url)}", *headers])
    return Sending(to=server_of(url), what="\n\n".join(filter(None, [head, request.body])))


def server_of(url: "httpx.URL") -> str:
    """The host an address leads to, with its port where that is not the usual one."""
    host = host_of(url)
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{url.port}" if url.port else host


def _address(url: "httpx.URL") -> str:
    """The address as a person reads it: what is asked for, then each value on a line of its own."""
    path, _, query = url.raw_path.decode("ascii").partition("?")
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    values = [f"  {unquote_plus(name)} = {unquote_plus(value)}" for name, _, value in pairs]
    return "\n".join([f"{url.scheme}://{server_of(url)}{unquote(path)}", *values])
