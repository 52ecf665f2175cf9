"""The icon of the app in the browser's tab, in the place where Streamlit's page looks for one.

Told to Streamlit in the script, it would cost the first page the import of NumPy and Pillow.
"""

from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


@cache
def _icon() -> bytes:
    return Path(__file__).with_name("icon.svg").read_bytes()


async def _favicon(request: Request) -> Response:
    # A browser goes by the type, not by the ending.
    headers = {"Cache-Control": "max-age=3600", "X-Content-Type-Options": "nosniff"}
    return Response(_icon(), media_type="image/svg+xml", headers=headers)


def favicon_routes() -> list[Route]:
    """The route that answers before Streamlit's own file would."""
    return [Route("/favicon.png", _favicon, methods=["GET"])]
