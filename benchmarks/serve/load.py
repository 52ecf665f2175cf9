"""Asks one address many times, some at once, over connections that stay open; as little work for each as possible.

`python -m benchmarks.serve.load URL BODY REQUESTS AT_ONCE [HEADER…]` prints JSON: requests a second, seconds at
the median and the 95th percentile, seconds to the first piece of text of a stream, and how many failed.
"""

import asyncio
import json
import sys
import time
from urllib.parse import urlsplit


class _Answers:
    """What was measured."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.first: list[float] = []
        self.failed = 0


async def ask_all(url: str, body: bytes, requests: int, at_once: int, headers: list[str]) -> dict[str, float]:
    place, answers, left = urlsplit(url), _Answers(), iter(range(requests))
    lines = [f"POST {place.path} HTTP/1.1", f"Host: {place.netloc}", "Content-Type: application/json", *headers]
    request = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body

    async def one_after_the_other() -> None:
        reader, writer = await asyncio.open_connection(place.hostname, place.port, limit=2**20)
        for _ in left:
            started = time.perf_counter()
            writer.write(request)
            ok = await _answer(reader, started, answers)
            answers.seconds.append(time.perf_counter() - started)
            answers.failed += not ok
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(one_after_the_other() for _ in range(at_once)))
    took = time.perf_counter() - started
    return {
        "rate": requests / took,
        "p50": _part(answers.seconds, 0.5),
        "p95": _part(answers.seconds, 0.95),
        "first": _part(answers.first, 0.5),
        "failed": answers.failed,
    }


async def _answer(reader: asyncio.StreamReader, started: float, answers: _Answers) -> bool:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    ok = head.startswith(b"http/1.1 200")
    if b"transfer-encoding: chunked" not in head:
        size = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        return ok and b"content" in await reader.readexactly(size)
    noted = said = False
    while size := int(await reader.readline(), 16):
        piece = await reader.readexactly(size + 2)
        if not noted and b'"content": "' in piece.replace(b'":"', b'": "') and b'"content":""' not in piece:
            answers.first.append(time.perf_counter() - started)
            noted = True
        said = said or b"[DONE]" in piece
    await reader.readline()
    return ok and noted and said


def _part(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] if values else 0.0


if __name__ == "__main__":
    _url, _body, _requests, _at_once, *_headers = sys.argv[1:]
    print(json.dumps(asyncio.run(ask_all(_url, _body.encode(), int(_requests), int(_at_once), _headers))))
