"""A real server on loopback that speaks the OpenAI API by script, for tests and benchmarks.

    with OpenAIServer(delay=0.2) as server:
        server.script.append(Say("Hello"))
        ...AsyncOpenAI(base_url=server.url)...
        assert server.requests[0].body["model"] == "m"

Standalone: `python -m tests.openai_server --port 8123 --delay 0.2`.
"""

import argparse
import asyncio
import json
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from tests.hanging_up import hang_up
from tests.media_answers import Sent, read_form, usual

Trouble = Literal["", "hang", "half", "garbage", "html", "empty", "no_finish", "one_piece", "drop", "lingers"]


@dataclass
class Say:
    """The next answer. Delays are in seconds; `trouble` names what goes wrong on the way."""

    text: str | None = None
    tools: list[tuple[str, str]] = field(default_factory=list)
    """Calls as (name, arguments as JSON text)."""
    status: int = 200
    error: dict[str, Any] | None = None
    finish: str = ""
    first_token_after: float = 0.0
    per_token: float = 0.0
    trouble: Trouble = ""
    headers: dict[str, str] = field(default_factory=dict)
    chunks: list[Any] | None = None
    """The JSON of each event of a stream as it is to be sent; a text is sent as a line of its own."""
    done: bool = True
    """Whether `[DONE]` follows them."""
    whole: Any = None
    """The JSON of the whole answer, whatever was asked for; a text is sent as it is."""


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class OpenAIServer:
    """Answers from `script` first, each entry once; then with `default`, or by the request itself,
    as `behave` says where it is set, or `behave_as`, which also sees the headers.

    `media` are the next answers of those who draw, speak, listen and judge; `places` hold what else lies at a path.
    `rejects` names request fields that are refused with a 400, as small servers do; `dimensions` is the
    length of its embeddings, and `refuse_embeddings` says with which status and error it
    refuses texts. `requests` holds every request, `most_at_once` the highest number under way,
    `first_tokens` when each stream began, by `time.perf_counter`; `connections` how many were opened.
    """

    def __init__(self, delay: float = 0.0, per_token: float = 0.0, port: int = 0, models: tuple[str, ...] = ("m",)):
        self.delay, self.per_token, self.port, self.models = delay, per_token, port, models
        self.default: Say | None = None
        self.behave: Callable[[dict[str, Any]], Say] | None = None
        self.behave_as: Callable[[dict[str, str], dict[str, Any]], Say] | None = None
        self.script: deque[Say] = deque()
        self.media: deque[Sent] = deque()
        self.places: dict[str, Sent] = {}
        self.requests: list[Request] = []
        self.rejects: set[str] = set()
        self.dimensions = 16
        self.refuse_embeddings: Callable[[list[str]], tuple[int, Any] | None] = lambda texts: None
        self.first_tokens: list[float] = []
        self.open = self.most_at_once = self.connections = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._on_connect, "127.0.0.1", self.port, backlog=512)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(hang_up(server))
        self._loop.close()

    async def _on_connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while request := await _read(reader):
                self.requests.append(request)
                self.open += 1
                self.most_at_once = max(self.most_at_once, self.open)
                try:
                    keep = await self._answer(request, writer)
                finally:
                    self.open -= 1
                if not keep:
                    break
        except asyncio.CancelledError:
            writer.transport.abort()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        path = request.path.partition("?")[0]
        sent = self.places.get(path) or self._media(path, request.body)
        if sent:
            return await sent.write(writer)
        if path.endswith("/chat/completions"):
            return await self._chat(request, writer)
        if path.endswith("/api/chat"):
            return await self._ollama_chat(request, writer)
        if path.endswith("/models"):
            listed: Any = {
                "object": "list",
                "data": [{"id": name, "object": "model"} for name in self.models],
            }
        elif path.endswith("/api/tags"):
            listed = {"models": [{"name": name} for name in self.models]}
        elif path.endswith("/embeddings"):
            if refused := self.refuse_embeddings(request.body["input"]):
                return await _send(writer, *refused)
            listed = self._embeddings(request.body)
        else:
            return await _send(writer, 404, {"error": {"message": f"no {path}", "code": "not_found"}})
        say = self.script.popleft() if self.script and self.script[0].status != 200 else Say()
        if say.status != 200:
            return await _send(writer, say.status, {"error": say.error or {"message": "as scripted"}})
        return await _send(writer, 200, listed)

    def _media(self, path: str, body: dict[str, Any]) -> Sent | None:
        found = usual(path, body)
        return self.media.popleft() if found and self.media else found

    async def _chat(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        refused = next((name for name in self.rejects if _uses(request.body, name)), None)
        if refused:
            error = {"message": f"Unsupported parameter: {refused}", "param": refused, "code": "unsupported"}
            return await _send(writer, 400, {"error": error})
        say = self._next(request)
        if say.status != 200:
            if say.whole is not None:
                text = say.whole if isinstance(say.whole, str) else json.dumps(say.whole)
                return await _send_text(
                    writer, say.status, text, say.headers.get("content-type", "application/json")
                )
            error = say.error or {"message": "as scripted", "code": "scripted"}
            return await _send(writer, say.status, {"error": error}, say.headers)
        await asyncio.sleep(self.delay + say.first_token_after)
        if say.trouble == "hang":
            self.open -= 1  # nobody waits for this one any more
            await asyncio.sleep(3600)
        if say.trouble == "drop":
            return False
        if say.trouble in ("garbage", "html"):
            kind = "text/html" if say.trouble == "html" else "application/json"
            return await _send_text(writer, 200, "<html><body>Welcome!</body></html>", kind)
        if say.whole is not None:
            return await _send_whole(writer, say)
        if request.body.get("stream") and say.trouble != "one_piece":
            return await self._stream(request.body, say, writer)
        return await _send(writer, 200, _completion(request.body, say))

    def _next(self, request: Request) -> Say:
        body = request.body
        if self.script:
            return self.script.popleft()
        if self.behave_as:
            return self.behave_as(request.headers, body)
        if self.behave:
            return self.behave(body)
        return self.default or Say(f"You said: {_last_text(body)}")

    async def _stream(self, body: dict[str, Any], say: Say, writer: asyncio.StreamWriter) -> bool:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        sent = 0
        async for event in self._events(body, say) if say.chunks is None else _as_scripted(say):
            data = f"data: {event}\n\n".encode()
            writer.write(b"%x\r\n%s\r\n" % (len(data), data))
            await writer.drain()
            if not sent:
                self.first_tokens.append(time.perf_counter())
            sent += 1
            if say.trouble == "half" and sent == 2:
                return False
            await asyncio.sleep(say.per_token or self.per_token)
        if say.trouble == "lingers":
            self.open -= 1  # nobody waits for this one any more
            await asyncio.sleep(3600)
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True

    async def _events(self, body: dict[str, Any], say: Say) -> AsyncIterator[str]:
        def chunk(delta: dict[str, Any], finish: str | None = None) -> str:
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            return json.dumps({**_envelope(body, "chat.completion.chunk"), "choices": [choice]})

        if say.trouble != "empty":
            for number, piece in enumerate(_pieces(say.text or "")):
                yield chunk({"content": piece} if number else {"role": "assistant", "content": piece})
            before = _calls_before(body)
            for number, (name, arguments) in enumerate(say.tools):
                function = {"name": name, "arguments": ""}
                # As with OpenAI, what comes first says whose it is.
                begins = {} if number or say.text else {"role": "assistant", "content": None}
                yield chunk(
                    {
                        **begins,
                        "tool_calls": [
                            {
                                "index": number,
                                "id": f"call_{before + number}",
                                "type": "function",
                                "function": function,
                            }
                        ],
                    }
                )
                for piece in (arguments[: len(arguments) // 2], arguments[len(arguments) // 2 :]):
                    yield chunk({"tool_calls": [{"index": number, "function": {"arguments": piece}}]})
        if say.trouble != "no_finish":
            yield chunk({}, _finish(say))
            if (body.get("stream_options") or {}).get("include_usage"):
                yield json.dumps(
                    {**_envelope(body, "chat.completion.chunk"), "choices": [], "usage": _usage(body, say)}
                )
            yield "[DONE]"

    async def _ollama_chat(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        say = self._next(request)
        if say.status != 200:
            return await _send(writer, say.status, {"error": (say.error or {}).get("message", "as scripted")})
        calls = [{"function": {"name": name, "arguments": json.loads(arguments)}} for name, arguments in say.tools]
        usage = _usage(request.body, say)
        lines = [
            {"message": {"role": "assistant", "content": piece}, "done": False} for piece in _pieces(say.text or "")
        ]
        if calls:
            lines.append({"message": {"role": "assistant", "content": "", "tool_calls": calls}, "done": False})
        counts = {"prompt_eval_count": usage["prompt_tokens"], "eval_count": usage["completion_tokens"]}
        lines.append(
            {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop", **counts}
        )
        stamp = {"model": request.body.get("model"), "created_at": "2026-01-01T00:00:00Z"}
        text = "".join(json.dumps({**stamp, **line}) + "\n" for line in lines)
        return await _send_text(writer, 200, text, "application/x-ndjson")

    def _embeddings(self, body: dict[str, Any]) -> dict[str, Any]:
        texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
        data = [
            {"object": "embedding", "index": index, "embedding": _vector(text, self.dimensions)}
            for index, text in enumerate(texts)
        ]
        return {
            "object": "list",
            "model": body.get("model"),
            "data": data,
            "usage": {"prompt_tokens": 1, "total_tokens": 1},
        }


async def _read(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    except asyncio.IncompleteReadError:
        return None
    method, path, _ = head[0].split(" ", 2)
    pairs = (line.partition(":") for line in head[1:] if ":" in line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    kind = headers.get("content-type", "")
    read = read_form(kind, body) if kind.startswith("multipart/") else json.loads(body) if body else {}
    return Request(method, path, headers, read)


async def _send(
    writer: asyncio.StreamWriter, status: int, body: Any, headers: dict[str, str] | None = None
) -> bool:
    return await _send_text(writer, status, json.dumps(body), "application/json", headers)


async def _as_scripted(say: Say) -> AsyncIterator[str]:
    for each in say.chunks or ():
        yield each if isinstance(each, str) else json.dumps(each)
    if say.done:
        yield "[DONE]"


async def _send_whole(writer: asyncio.StreamWriter, say: Say) -> bool:
    text = say.whole if isinstance(say.whole, str) else json.dumps(say.whole)
    return await _send_text(writer, say.status, text, say.headers.get("content-type", "application/json"))


async def _send_text(
    writer: asyncio.StreamWriter, status: int, text: str, kind: str, headers: dict[str, str] | None = None
) -> bool:
    data = text.encode()
    lines = {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    writer.write(f"HTTP/1.1 {status} Scripted\r\n{head}\r\n".encode() + data)
    await writer.drain()
    return True


def _uses(body: dict[str, Any], name: str) -> bool:
    format_ = (body.get("response_format") or {}).get("type")
    return name == format_ if name in ("json_schema", "json_object") else name in body


def _envelope(body: dict[str, Any], kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": body.get("model", "m")}


def _completion(body: dict[str, Any], say: Say) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": say.text}
    if say.tools:
        message["tool_calls"] = [
            {"id": f"call_{number}", "type": "function", "function": {"name": name, "arguments": arguments}}
            for number, (name, arguments) in enumerate(say.tools, _calls_before(body))
        ]
    choices = [] if say.trouble == "empty" else [{"index": 0, "message": message, "finish_reason": _finish(say)}]
    return {**_envelope(body, "chat.completion"), "choices": choices, "usage": _usage(body, say)}


def _calls_before(body: dict[str, Any]) -> int:
    """How many calls of tools there were: each has an id of its own, as with OpenAI."""
    return sum(len(message.get("tool_calls") or ()) for message in body.get("messages", ()))


def _finish(say: Say) -> str:
    return say.finish or ("tool_calls" if say.tools else "stop")


def _usage(body: dict[str, Any], say: Say) -> dict[str, int]:
    used = len(json.dumps(body.get("messages", []))) // 4, len(_pieces(say.text or "")) + 5 * len(say.tools)
    return {"prompt_tokens": used[0], "completion_tokens": used[1], "total_tokens": sum(used)}


def _pieces(text: str) -> list[str]:
    return [word + " " for word in text.split(" ")[:-1]] + text.split(" ")[-1:] if text else []


def _last_text(body: dict[str, Any]) -> str:
    said = [message.get("content") for message in body.get("messages", []) if message.get("role") == "user"]
    return str(said[-1]) if said else ""


def _vector(text: str, dimensions: int) -> list[float]:
    """Letters counted: near texts get near vectors, and always the same ones."""
    vector = [0.001] * dimensions
    for char in text.lower():
        vector[ord(char) % dimensions] += 1.0
    return vector


def main() -> None:
    parser = argparse.ArgumentParser(description="A scripted OpenAI-compatible server on loopback")
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before the first token")
    parser.add_argument("--per-token", type=float, default=0.0, help="seconds after each token")
    options = parser.parse_args()
    with OpenAIServer(options.delay, options.per_token, options.port) as server:
        print(server.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
