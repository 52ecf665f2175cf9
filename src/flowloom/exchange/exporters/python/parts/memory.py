"""What is kept: of a conversation while the program runs, of the person in a file beside it."""

import json
import os
from pathlib import Path
from threading import Lock
from typing import Any

from flowloom.exchange.exporters.python.parts.settings import HERE

ABOUT_YOU = Path(os.environ.get("ABOUT_YOU", HERE / "about-you.json"))


def known_facts() -> dict[str, Any]:
    """All that is known about the person, by name."""
    found: dict[str, Any] = json.loads(ABOUT_YOU.read_text("utf-8")) if ABOUT_YOU.exists() else {}
    return dict(sorted(found.items()))


def keep_fact(name: str, value: Any) -> None:
    """Add a fact; blocks side by side wait for each other, so that none is lost."""
    with KEEPING:
        ABOUT_YOU.write_text(json.dumps(known_facts() | {name: value}, ensure_ascii=False, indent=1), "utf-8")


KEEPING = Lock()
