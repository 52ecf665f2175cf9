"""A server at an address: each request goes by the guard of `net.py`, and is read within limits."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from uuid import uuid4

import httpx2

from flowloom.errors import FlowloomError, HttpError
from flowloom.services.mcp.failures import too_much
from flowloom.services.mcp.limits import FLOOD, GRACE, LINE
from flowloom.services.network.addresses import host_of, parse_url, same_server
from flowloom.services.network.guarded_requests import GuardedHttp, connection_failed

REFUSED = -32_099
"""The code of an error that is ours and not the server's."""
CONNECT = 10.0
LENGTHS = ("content-length", "transfer-encoding")


class Guarded(httpx2.AsyncBaseTransport):
    """Sends what the SDK wants to send, to checked addresses only. What it refuses it answers itself."""

    def __init__(self, http: GuardedHttp, alias: str) -> None:
        self._http, self._alias = http, alias
        self._refusals: dict[str, FlowloomError] = {}

    def refusal(self, key: str) -> FlowloomError | None:
        """The refusal that an error of code REFUSED names; no server can guess one."""
        return self._refusals.get(key)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == "GET" and "last-event-id" not in request.headers:
            # It would only keep a line open for what a server says unasked.
            return httpx2.Response(405)
        try:
            if request.method == "DELETE":
                return await asyncio.wait_for(self._send(request), GRACE)
            return await self._send(request)
        except TimeoutError:
            return httpx2.Response(408)
        except FlowloomError as error:
            return self._answer(error)

    def _answer(self, error: FlowloomError) -> httpx2.Response:
        key = uuid4().hex
        self._refusals[key] = error
        said = {"jsonrpc": "2.0", "id": None, "error": {"code": REFUSED, "message": key}}
        return httpx2.Response(502, json=said)

    async def _send(self, request: httpx2.Request) -> httpx2.Response:
        url = parse_url(str(request.url))
        failure: Exception = OSError()
        for address in await self._http.addresses(url):
            try:
                return await self._read(request, await self._send_to(str(address), host_of(url), request))
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                failure = error
            except (httpx2.HTTPError, httpx2.StreamError, UnicodeError, ValueError) as error:
                failure = error
                break
        raise connection_failed(url, failure) from None

    async def _send_to(self, address: str, host: str, request: httpx2.Request) -> httpx2.Response:
        # No pool: a connection kept for one server must never serve another's.
        transport = httpx2.AsyncHTTPTransport(
            verify=self._http.tls(), trust_env=False, limits=httpx2.Limits(max_keepalive_connections=0)
        )
        headers = {**request.headers, "accept-encoding": "identity"}
        sent = httpx2.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        try:
            response = await transport.handle_async_request(sent)
        except BaseException:
            await transport.aclose()
            raise
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=Capped(response.stream, transport),
            request=request,
        )

    async def _read(self, request: httpx2.Request, response: httpx2.Response) -> httpx2.Response:
        """The whole answer, unless it is a stream of events."""
        is_stream = False
        try:
            _refuse_unwanted(request, response)
            is_stream = response.headers.get("content-type", "").lower().startswith("text/event-stream")
            return response if is_stream else await self._whole(request, response)
        finally:
            if not is_stream:
                await response.aclose()

    async def _whole(self, request: httpx2.Request, response: httpx2.Response) -> httpx2.Response:
        data = bytearray()
        async for piece in response.aiter_raw():
            data += piece
            if len(data) > LINE:
                raise too_much(self._alias)
        headers = {name: value for name, value in response.headers.items() if name not in LENGTHS}
        return httpx2.Response(response.status_code, headers=headers, content=bytes(data), request=request)


def _refuse_unwanted(request: httpx2.Request, response: httpx2.Response) -> None:
    """Raise for an answer that sends us elsewhere, or is packed, which a small one can be and be huge."""
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise httpx2.DecodingError("")
    if response.headers.get("location") and 300 <= response.status_code < 400:
        _refuse_elsewhere(str(request.url), str(request.url.join(response.headers["location"])))


def _refuse_elsewhere(here: str, there: str) -> None:
    old, new = parse_url(here), parse_url(there)
    if not same_server(old, new):
        raise HttpError(
            "{host} redirects to {other}.",
            "If you trust {other}, use its address directly.",
            host=host_of(old),
            other=host_of(new),
        )


class Capped(httpx2.AsyncByteStream):
    """A body that ends in an error where it is too long."""

    def __init__(self, stream: httpx2.AsyncByteStream, transport: httpx2.AsyncHTTPTransport) -> None:
        self._stream, self._transport = stream, transport

    async def __aiter__(self) -> AsyncIterator[bytes]:
        length = 0
        async for piece in self._stream:
            length += len(piece)
            if length > FLOOD:
                raise httpx2.ReadError("")
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()
        await self._transport.aclose()


def guarded_client(transport: Guarded, headers: Mapping[str, str]) -> httpx2.AsyncClient:
    """A client for one server; how long an answer may take is for the one who asks to say."""
    timeout = httpx2.Timeout(None, connect=CONNECT)
    return httpx2.AsyncClient(transport=transport, headers=dict(headers), timeout=timeout, trust_env=False)
