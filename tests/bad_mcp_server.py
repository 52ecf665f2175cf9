"""An MCP server that misbehaves as its first argument says: raw lines, by nothing but Python's own library.

    python bad_mcp_server.py BEHAVIOUR FILE

It writes its process id to FILE, and those of its children.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HOW, PIDS = sys.argv[1], Path(sys.argv[2])
TEXT = {"type": "string"}
ECHO = {
    "name": "echo",
    "description": "Says it again.",
    "inputSchema": {"type": "object", "properties": {"text": TEXT}, "required": ["text"]},
}
FIT = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


def deep(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object"}
    for _ in range(levels):
        schema = {"type": "object", "properties": {"a": schema}}
    return schema


TOOLS: dict[str, list[dict[str, Any]]] = {
    "lies: other values": [{**ECHO, "inputSchema": {"type": "object", "properties": {"text": {"type": "array"}}}}],
    "lies: more values": [
        {**ECHO, "inputSchema": {"type": "object", "properties": {"text": TEXT, "key": TEXT}, "required": ["key"]}}
    ],
    "lies: gone": [{**ECHO, "name": "other"}],
    "lies: no schema": [{**ECHO, "inputSchema": 7}],
    "many tools": [{**ECHO, "name": f"echo{at}"} for at in range(2_000)],
    "deep": [ECHO, {**ECHO, "name": "deep", "inputSchema": deep(100)}],
    "round": [
        ECHO,
        {
            **ECHO,
            "name": "round",
            "inputSchema": {
                "type": "object",
                "properties": {"a": {"$ref": "#"}, "b": {"$ref": "file:///etc/passwd"}},
            },
        },
    ],
    "long words": [{**ECHO, "description": "word " * 100_000}],
    "unfit": [{**ECHO, "outputSchema": FIT}],
}


def say(message: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    sys.stdout.flush()


def remember(pid: int) -> None:
    with PIDS.open("a") as file:
        file.write(f"{pid}\n")


def hang() -> None:
    while True:
        time.sleep(60)


def flood() -> None:
    while True:
        say({"method": "notifications/message", "params": {"level": "info", "data": "x" * 1_000}})


def endless_line() -> None:
    while True:
        sys.stdout.write("x" * 100_000)


def answered(method: str, given: Mapping[str, Any]) -> Any:
    if method == "initialize":
        return greeted(given)
    if method == "tools/list":
        if HOW == "endless list":
            return {"tools": [{**ECHO, "name": f"t{time.monotonic_ns()}"}], "nextCursor": "again"}
        if HOW == "hang at the list":
            hang()
        return {"tools": TOOLS.get(HOW, [ECHO])}
    return called(str(given["arguments"].get("text", "")))


def greeted(given: Mapping[str, Any]) -> Any:
    if HOW == "hang at the handshake":
        hang()
    if HOW == "dies at once":
        sys.stderr.write(f"no database at {os.environ.get('KEY', 'home')}\n")
        sys.exit(1)
    if HOW == "no handshake":
        return ["what", "is", "this"]
    version = "1066-10-14" if HOW == "of another age" else given["protocolVersion"]
    return {"protocolVersion": version, "capabilities": {}, "serverInfo": {"name": "bad", "version": "0"}}


def called(text: str) -> Any:
    misbehave(text)
    if HOW == "giant":
        text = "x" * 6_000_000
    if HOW == "no result":
        return 42
    if HOW == "tells the key":
        text = f"{os.environ['KEY']} and {json.dumps(sorted(os.environ))}"
    said: dict[str, Any] = {"content": [{"type": "text", "text": text}]}
    if HOW == "unfit":
        said["structuredContent"] = {"n": "many"}
    if HOW == "refuses":
        said["isError"] = True
    if HOW == "pictures":
        said["content"] += PICTURES
    return said


def misbehave(text: str) -> None:
    if "hang" in (text, HOW.partition(" in the call")[0]):
        hang()
    if text == "die" or HOW == "dies in the call":
        sys.stderr.write(f"cannot go on, {os.environ.get('KEY', 'sorry')}\n")
        os._exit(3)
    if HOW == "floods":
        flood()
    if HOW == "endless line":
        endless_line()


PICTURES = [
    {"type": "image", "data": "QUJD" * 1_000, "mimeType": "image/png"},
    {"type": "resource_link", "name": "report", "uri": "file:///report.pdf"},
    {"type": "resource", "resource": {"uri": "file:///a.txt", "text": "of a file"}},
]


def main() -> None:
    remember(os.getpid())
    if HOW == "ignores its end":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if HOW == "leaves children":
        remember(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid)
    for line in sys.stdin:
        message = json.loads(line)
        if "id" in message and "method" in message:
            if HOW == "noise":
                sys.stdout.write("Welcome to my server!\n{\n[1, 2]\n\n")
            if HOW == "talks to its log":
                sys.stderr.write("busy " * 40_000)
            if HOW == "an error":
                say({"id": message["id"], "error": {"code": -32000, "message": "out of order"}})
            else:
                say({"id": message["id"], "result": answered(message["method"], message.get("params") or {})})
            if HOW == "dies after the call" and message["method"] == "tools/call":
                return
    if HOW == "ignores its end":
        hang()


if __name__ == "__main__":
    main()
