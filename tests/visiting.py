"""How a test gets in: the headers and the cookie of a browser that opened the address with the key."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flowloom.serve.access import KEY
from flowloom.serve.session_key import cookie_name, session_key


def key_address(url: str, home: Path) -> str:
    """The address that the app prints when it starts."""
    return f"{url}/?{KEY}={session_key(home).value}"


def cookie_of(url: str, home: Path) -> dict[str, Any]:
    """The cookie of a browser that was let in, as Playwright takes it."""
    port = str(urlsplit(url).port or "")
    return {
        "name": cookie_name(port),
        "value": session_key(home).stamp(port),
        "url": url,
        "httpOnly": True,
        "sameSite": "Strict",
    }


def let_in(url: str, home: Path) -> dict[str, str]:
    """The same as a header of a request."""
    cookie = cookie_of(url, home)
    return {"Cookie": f"{cookie['name']}={cookie['value']}"}
