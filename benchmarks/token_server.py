"""A model server in a process of its own, whose first token tells when it was sent: `time.perf_counter()` there.

with token_server(wait=0.1) as address:
    ...the first word of every answer is the moment at which it left the server...
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

from tests.openai_server import OpenAIServer, Say

WORDS = 5


class StampingServer(OpenAIServer):
    async def _events(self, body: dict[str, Any], say: Say) -> AsyncIterator[str]:
        first = True
        async for event in super()._events(body, say):
            chunk = json.loads(event) if event.startswith("{") else {}
            if first and chunk.get("choices"):
                first = False
                chunk["choices"][0]["delta"]["content"] = f"{time.perf_counter():.7f} "
                event = json.dumps(chunk)
            yield event


@contextmanager
def token_server(wait: float) -> Iterator[str]:
    """The address of such a server, which waits so many seconds before its first token."""
    command = [sys.executable, "-m", "benchmarks.token_server", "--wait", str(wait)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()  # it ends with whoever started it


def main() -> None:
    call = argparse.ArgumentParser(description=__doc__)
    call.add_argument("--wait", type=float, default=0.1)
    with StampingServer(delay=call.parse_args().wait, per_token=0.01) as server:
        server.default = Say(" ".join(["word"] * WORDS))
        print(server.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
