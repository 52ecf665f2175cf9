"""Pictures of other computers, fetched by us for the page, so that no browser asks for them itself."""

from collections.abc import Callable

from flowloom.errors import HttpError
from flowloom.kinds.http import HttpRequest
from flowloom.services.formats.pictures import MAX_PIXELS, media_type_of, thumbnail
from flowloom.services.network.addresses import host_of, parse_url
from flowloom.services.network.guarded_requests import GuardedHttp

MAX_BYTES = 10_000_000
SECONDS = 15.0


def host_of_picture(address: str) -> str:
    """The host that would be asked, with its port where it has one of its own. Raises HttpError."""
    url = parse_url(_whole(address))
    return f"{host_of(url)}:{url.port}" if url.port else host_of(url)


async def fetch_picture(http: Callable[..., GuardedHttp], address: str, side: int) -> bytes:
    """A picture as a PNG made anew, no side longer than `side` points.

    Its host gets the address and nothing else, and cannot send us on to another.
    Raises HttpError where it cannot be fetched, KnowledgeError where it is no picture made of points.
    """
    asked = HttpRequest(
        url=_whole(address),
        headers={"accept": "image/png, image/jpeg, image/webp, image/gif"},
        timeout=SECONDS,
        stays=True,
    )
    host = host_of(parse_url(asked.url))
    reply = await http(max_bytes=MAX_BYTES, max_seconds=SECONDS).request(asked)
    if len(reply.data) >= MAX_BYTES:
        raise HttpError(
            "The picture “{file}” is larger than 10 MB.",
            "Open its link to see it.",
            file=host,
        )
    media_type_of(host, reply.data, MAX_PIXELS)  # before it is unfolded
    return thumbnail(reply.data, side)


def _whole(address: str) -> str:
    return f"https:{address}" if address.startswith("//") else address
