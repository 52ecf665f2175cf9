"""What a browser may fetch for our pages: pictures, sound and film only from here."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A model may write the address of a picture that carries the chat away: the browser shall not ask for it.
POLICY = "img-src 'self' data: blob:; media-src 'self' data: blob:"


class PicturesFromHere:
    """Sends the policy along with every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("Content-Security-Policy", POLICY)
            await send(message)

        await self._app(scope, receive, send_with_policy if scope["type"] == "http" else send)
