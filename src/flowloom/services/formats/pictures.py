"""Pictures a person attaches: checked before they are kept, and made small to be shown."""

import io
from base64 import b64encode
from typing import Any

from flowloom.errors import KnowledgeError
from flowloom.kinds.content import picture_kind

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
SEEN = 2048
"""Points on the longer side that models look at."""
BADGE, CLEAR_BADGE = 160, 96
"""Points of each side of the small picture of a GPT; one that can be seen through takes more bytes."""
KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp")


def is_picture(data: bytes) -> bool:
    """Whether a file is a picture of a kind that browsers show, whatever its name."""
    return bool(picture_kind(data))


def check_size(name: str, size: int) -> None:
    """Refuse a picture by its size alone. Raises KnowledgeError."""
    if name.lower().endswith(ENDINGS) and size > MAX_BYTES:
        raise KnowledgeError(
            "The picture “{file}” is larger than 10 MB.", "Reduce its size and attach it again.", file=name
        )


def media_type_of(name: str, data: bytes, most: int = MAX_PIXELS) -> str:
    """The kind of a picture that can be shown, of no more points than that. Raises KnowledgeError."""
    check_size(f"{name}.png", len(data))
    with _opened(name, data) as picture:
        if picture.width * picture.height > most:
            raise KnowledgeError(
                "The picture “{file}” has more than 50 million pixels.",
                "Reduce its size and attach it again.",
                file=name,
            )
        return KINDS[picture.format]


def thumbnail(data: bytes, side: int) -> bytes:
    """The picture as a PNG with no side longer than that. Raises KnowledgeError."""
    from PIL import ImageOps

    with _opened("", data) as picture:
        try:
            picture.draft("RGB", (side, side))
            small = ImageOps.exif_transpose(picture)
            small.thumbnail((side, side))
            out = io.BytesIO()
            small.convert("RGBA").save(out, "PNG")
        except Exception:  # Pillow raises anything at all on damaged files
            raise _broken("") from None
    return out.getvalue()


def badge(data: bytes) -> str:
    """The middle of a picture as a small square, as a `data:` address of at most 60,000 letters.

    Raises KnowledgeError for what is no picture, or far too large a one.
    """
    from PIL import ImageOps

    media_type_of("", data)
    with _opened("", data) as picture:
        try:
            picture.draft("RGB", (BADGE, BADGE))
            clear = "A" in picture.getbands() or "transparency" in picture.info
            upright = ImageOps.exif_transpose(picture).convert("RGBA" if clear else "RGB")
            out, kind = io.BytesIO(), "PNG" if clear else "JPEG"
            side = CLEAR_BADGE if clear else BADGE
            ImageOps.fit(upright, (side, side)).save(out, kind, **({} if clear else {"quality": 85}))
        except Exception:  # Pillow raises anything at all on damaged files
            raise _broken("") from None
    return f"data:{KINDS[kind]};base64,{b64encode(out.getvalue()).decode()}"


def for_models(data: bytes) -> tuple[str, bytes]:
    """The media type and bytes of a picture as models get it: no larger than they look at, and without the place
    and the camera that photos carry along. Raises KnowledgeError."""
    from PIL import ImageOps

    with _opened("", data) as picture:
        kind = "JPEG" if picture.format == "JPEG" else "PNG"
        try:
            seen = ImageOps.exif_transpose(picture)
            seen.thumbnail((SEEN, SEEN))
            out = io.BytesIO()
            seen.convert("RGB" if kind == "JPEG" else "RGBA").save(out, kind)
        except Exception:  # Pillow raises anything at all on damaged files
            raise _broken("") from None
    return KINDS[kind], out.getvalue()


def _opened(name: str, data: bytes) -> Any:
    from PIL import Image

    try:
        return Image.open(io.BytesIO(data), formats=tuple(KINDS))
    except Exception:  # Pillow raises anything at all on damaged files
        raise _broken(name) from None


def _broken(name: str) -> KnowledgeError:
    return KnowledgeError(
        "“{file}” isn’t a picture that can be shown.", "Save it as PNG or JPEG and attach that.", file=name
    )
