"""What the loopback server of the OpenAI API says to those who draw, speak, listen and judge."""

import asyncio
import base64
import email
import io
import json
import wave
from asyncio import StreamWriter
from dataclasses import dataclass, field
from typing import Any, Literal

from PIL import Image


@dataclass
class Sent:
    """One answer as it goes over the wire. `how`: whole, without end, or a byte at a time without end."""

    body: Any = b""
    status: int = 200
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    how: Literal["whole", "endless", "slow"] = "whole"

    async def write(self, writer: StreamWriter) -> bool:
        data = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        lines = {"Content-Type": self.kind, **self.headers}
        if self.how == "whole":
            lines["Content-Length"] = str(len(data))
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        writer.write(f"HTTP/1.1 {self.status} Scripted\r\n{head}\r\n".encode() + data)
        await writer.drain()
        while self.how == "endless":
            writer.write(b" " * 100_000)
            await writer.drain()
        while self.how == "slow":
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)
        return True


def picture(
    size: tuple[int, int] = (40, 30), kind: str = "PNG", mode: str = "RGB", colour: Any = (200, 30, 40)
) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind)
    return out.getvalue()


def recording(seconds: float = 0.5) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8_000, 0, "NONE", ""))
        file.writeframes(b"\0\0" * int(8_000 * seconds))
    return out.getvalue()


def drawn(data: bytes, **more: Any) -> dict[str, Any]:
    """The answer that carries a picture within itself."""
    return {"created": 1, "data": [{"b64_json": base64.b64encode(data).decode()}], **more}


SOUNDS = {
    "mp3": b"ID3\x04" + b"\0" * 60,
    "wav": recording(),
    "opus": b"OggS" + b"\0" * 60,
    "flac": b"fLaC" + b"\0" * 60,
}
USED = {"input_tokens": 10, "output_tokens": 1000, "total_tokens": 1010}
CATEGORIES = ("harassment", "hate", "violence")


def usual(path: str, body: dict[str, Any]) -> Sent | None:
    """What a server in good health answers; None where there is no such place."""
    if path.endswith("/images/generations"):
        return Sent(drawn(picture(), usage=USED))
    if path.endswith("/audio/speech"):
        return Sent(SOUNDS[body.get("response_format", "mp3")], kind="audio/mpeg")
    if path.endswith("/audio/transcriptions"):
        return Sent({"text": "Good morning from the recording."})
    if path.endswith("/moderations"):
        return Sent({"id": "1", "model": body["model"], "results": [_judged(text) for text in body["input"]]})
    return None


def _judged(text: str) -> dict[str, Any]:
    found = {name: name in text for name in CATEGORIES}
    return {"flagged": any(found.values()), "categories": found, "category_scores": {}}


def read_form(kind: str, data: bytes) -> dict[str, Any]:
    """The fields of a form; a file is a dict of its name, kind and bytes."""
    parsed = email.message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + data)
    found: dict[str, Any] = {}
    for part in parsed.get_payload():
        name, held = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        file = {"name": part.get_filename(), "kind": part.get_content_type(), "data": held}
        found[name] = file if part.get_filename() else held.decode()
    return found
