"""Files that the program saves, all in one folder beside it."""

import re
from typing import Any

from flowloom.exchange.exporters.python.parts.settings import HERE


def save_file(name: str, text: str, replace: bool) -> dict[str, Any]:
    """Save a text under a name without folders; a number is added where it is taken."""
    folder = HERE / "saved"
    folder.mkdir(exist_ok=True)
    plain = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]', "_", name).strip(". ")[:120] or "file"
    stem, dot, ending = plain.rpartition(".")
    path, number = folder / plain, 1
    while path.exists() and not replace:
        number += 1
        path = folder / (f"{stem} ({number}).{ending}" if dot else f"{plain} ({number})")
    path.write_text(text, "utf-8")
    file = {"id": path.name, "name": path.name, "media_type": "text/plain", "size": len(text), "text": text}
    return {"file": file, "name": path.name}
