"""How large a body says it will be, before any of it is read."""

from starlette.requests import Request

DIGITS = 20
"""More than any real length has: what is longer counts by its beginning, which is too large as well."""


def declared_size(request: Request) -> int:
    """The bytes that a call announces, 0 where it says nothing that is a number."""
    told = request.headers.get("content-length", "")
    return int(told[:DIGITS]) if told.isdecimal() else 0
