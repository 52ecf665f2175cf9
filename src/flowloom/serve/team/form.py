"""What a browser sends from a form of ours: read no further than its limit."""

from urllib.parse import parse_qs

from starlette.requests import Request

MOST_BYTES, MOST_FIELDS = 20_000, 20


async def fields_of(request: Request) -> dict[str, str]:
    """The fields of a form by their names; none where it is no form or too large."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        return {}
    raw = b""
    async for piece in request.stream():
        raw += piece
        if len(raw) > MOST_BYTES:
            return {}
    try:
        found = parse_qs(raw.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    return {name: values[0].replace("\0", "") for name, values in found.items()}


def local_path(given: str) -> str:
    """Where to go after signing in: a path of ours, whatever the address says."""
    plain = given.isprintable() and given.isascii() and "\\" not in given
    return given if plain and given.startswith("/") and not given.startswith("//") else "/"
