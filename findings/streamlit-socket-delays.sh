#!/usr/bin/env bash
# streamlit 1.67.0 with uvicorn 0.54.0: on a kept-alive connection each small answer waits for a delayed ACK, some 40 ms.
#
# `st.App` runs uvicorn on a socket that Streamlit makes itself, with socket.socket(family, SOCK_STREAM): its protocol is
# 0. asyncio sets TCP_NODELAY only on sockets whose protocol is IPPROTO_TCP (6), and connections that are accepted take
# theirs from the socket that listens. An answer of two parts, head and body, is then held back by Nagle's algorithm
# until the caller's system acknowledges the first part. The same app on a socket made with protocol 6 answers at once.
# Seen: about 40 ms an answer with protocol 0, under 1 ms with 6 (Linux).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check uvicorn==0.54.0 h11==0.16.0
"$folder/env/bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$folder" streamlit==1.67.0
python3 - "$folder" <<'PY'
import re
import sys
import zipfile
from pathlib import Path

wheel = next(Path(sys.argv[1]).glob("streamlit-*.whl"))
with zipfile.ZipFile(wheel) as archive:
    source = "\n".join(
        archive.read(name).decode() for name in archive.namelist() if name.startswith("streamlit/web/server/starlette/")
    )
made = re.findall(r"socket\.socket\(([^)]*)\)", source)
print("how Streamlit makes its sockets:", made)
assert made, "the behaviour has changed"
assert not any("IPPROTO_TCP" in each for each in made), "the behaviour has changed"
PY
"$folder/env/bin/python" - <<'PY'
import socket
import statistics
import threading
import time

import uvicorn


async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def milliseconds(protocol: int) -> float:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    server = uvicorn.Server(uvicorn.Config(app, http="h11", lifespan="off", log_level="error"))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    took = []
    with socket.create_connection(listening.getsockname(), timeout=10) as caller:
        for _ in range(30):
            begun = time.perf_counter()
            caller.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            said = b""
            while not said.endswith(b"ok"):
                said += caller.recv(4096)
            took.append(1000 * (time.perf_counter() - begun))
    server.should_exit = True
    thread.join()
    return statistics.median(took[5:])


slow, fast = milliseconds(0), milliseconds(socket.IPPROTO_TCP)
print(f"protocol 0: {slow:.1f} ms an answer; IPPROTO_TCP: {fast:.1f} ms")
assert slow > 10 * fast, "the behaviour has changed"
PY
