"""The icon of a GPT: its picture, its emoji, or the first letter of its name, drawn and as a picture of points."""

import base64
import io
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING

from starlette.responses import Response

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.services.formats.pictures import thumbnail

if TYPE_CHECKING:
    from PIL import ImageDraw

SIDE = 512
"""Points of each side of the picture."""
TINTS = ("#4f46e5", "#0f766e", "#b45309", "#be185d", "#1d4ed8", "#6d28d9", "#047857", "#b91c1c")


def icon(flow: Flow) -> Response:
    """The picture of a GPT, its emoji, or the first letter of its name, as a drawing without script."""
    headers = {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": "default-src 'none'; img-src data:; style-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(_drawn(flow), media_type="image/svg+xml", headers=headers)


def _drawn(flow: Flow) -> str:
    begin = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" width="512" height="512">'
    if flow.picture and _is_whole(flow.picture):
        inside = (
            '<rect width="512" height="512" fill="#fff"/>'
            f'<image href="{escape(flow.picture)}" width="512" height="512" preserveAspectRatio="xMidYMid slice"/>'
        )
        return f"{begin}{inside}</svg>"
    sign, tint = sign_of(flow), tint_of(flow)
    return (
        f'{begin}<rect width="512" height="512" fill="{tint}"/>'
        '<text x="256" y="256" text-anchor="middle" dominant-baseline="central" fill="#fff" '
        f'font-family="system-ui,sans-serif" font-weight="600" font-size="240">{escape(sign)}</text></svg>'
    )


def _is_whole(picture: str) -> bool:
    try:
        return bool(base64.b64decode(picture.partition(",")[2], validate=True))
    except ValueError:
        return False


def icon_png(flow: Flow) -> Response:
    """The same of points, as phones want it for their home screen."""
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return Response(_painted(flow), media_type="image/png", headers=headers)


def _painted(flow: Flow) -> bytes:
    from PIL import Image, ImageDraw

    whole = Image.new("RGB", (SIDE, SIDE), tint_of(flow))
    try:
        small = thumbnail(base64.b64decode(flow.picture.partition(",")[2], validate=True), SIDE)
        face = Image.open(io.BytesIO(small)).convert("RGBA").resize((SIDE, SIDE))
        whole.paste("white", (0, 0, SIDE, SIDE))
        whole.paste(face, (0, 0), face)
    except (ValueError, FlowloomError):
        _letter(ImageDraw.Draw(whole), sign_of(flow))
    out = io.BytesIO()
    whole.save(out, "PNG", optimize=True)
    return out.getvalue()


def _letter(draw: "ImageDraw.ImageDraw", sign: str) -> None:
    """The sign in white; a speech bubble where no font that comes along has it."""
    from PIL import ImageFont

    if len(sign) == 1 and sign.isascii():
        font = ImageFont.load_default(SIDE // 2)
        draw.text((SIDE / 2, SIDE / 2), sign, fill="white", font=font, anchor="mm")
        return
    left, top, right, bottom = SIDE * 0.25, SIDE * 0.28, SIDE * 0.75, SIDE * 0.64
    draw.rounded_rectangle((left, top, right, bottom), SIDE * 0.1, fill="white")
    draw.polygon([(left + 40, bottom - 2), (left + 40, bottom + 60), (left + 110, bottom - 2)], fill="white")


def sign_of(flow: Flow) -> str:
    """Its emoji, else the first letter of its name; icons that the app has by name are the app’s."""
    if flow.icon and not flow.icon.isascii():
        return flow.icon[:8]
    return next((each for each in flow.name if each.isalnum()), "G").upper()


def tint_of(flow: Flow) -> str:
    """A colour that stays with a GPT."""
    return TINTS[sha256(flow.id.encode()).digest()[0] % len(TINTS)]
