"""The practice model's pictures: a card that says what it is, with the words it was given on it."""

import hashlib
import io
import textwrap
from collections.abc import Iterable
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from flowloom.kinds.media import Made, PictureWish
from flowloom.kinds.values import Usage
from flowloom.locales import translate

if TYPE_CHECKING:
    from PIL.Image import Image

TITLE = "Practice picture"
SUBTITLE = "Not made by AI"
NO_FONT = "(No font on this computer has these characters.)"
NOTE = (
    "This is a practice picture: it isn’t made by AI and only shows your words. For real images, "
    "choose a model in Settings → Images and voice.\n\nYour words: “{prompt}”"
)
SIZES = {"square": (768, 768), "wide": (960, 640), "tall": (640, 960)}
SHOWN = 320
"""Letters of the words that stand on a card."""
FONTS = (
    "DejaVuSans.ttf",
    "Arial.ttf",
    "NotoSansCJK-Regular.ttc",
    "wqy-microhei.ttc",
    "msyh.ttc",
    "PingFang.ttc",
    "Hiragino Sans GB.ttc",
    "SourceHanSansSC-Regular.otf",
)
"""Where the letters of the library's own font end: names that Linux, macOS and Windows know."""
CLOSING = "，。、！？；：）》”"
"""Signs that begin no line of Chinese."""
COLOURS = ("#4f46e5", "#0e7490", "#b45309", "#be185d", "#15803d", "#7c3aed")
_ONE = Lock()
"""One card at a time, as the fonts are shared."""
NOWHERE = "\U0010fffd"
"""A character no font has, which shows what one draws for those it lacks."""


def draw(wish: PictureWish) -> Made:
    """A card with the words that were to be drawn."""
    out = io.BytesIO()
    with _ONE:
        card(wish).save(out, "PNG")
    note = translate(NOTE, wish.language, prompt=wish.prompt.strip())
    return Made(data=out.getvalue(), media_type="image/png", note=note, usage=Usage(model="practice", cost=0.0))


def card(wish: PictureWish) -> "Image":
    from PIL import Image, ImageDraw

    width, height = SIZES[wish.size]
    picture = Image.new("RGB", (width, height), "#f4f5f8")
    pen = ImageDraw.Draw(picture)
    _shapes(pen, wish.prompt, width, height)
    margin = width // 12
    pen.rounded_rectangle((margin, height // 4, width - margin, height - margin), 24, "#ffffff", "#e1e4ec", 2)
    top = height // 4 + 28
    lines = list(_lines(wish, width - 2 * margin - 64))
    for text, size, colour in lines:
        # Lines that belong together are of one font, also where only one of them needs it.
        together = "".join(line for line, same, _ in lines if same == size)
        pen.text((margin + 32, top), text, colour, _font(together, size))
        top += int(size * 1.45)
        if top > height - margin - 40:
            break
    return picture


def _lines(wish: PictureWish, width: int) -> Iterable[tuple[str, int, str]]:
    yield _drawable(translate(TITLE, wish.language), TITLE, 40), 40, "#1c2030"
    yield _drawable(translate(SUBTITLE, wish.language), SUBTITLE, 26), 26, "#5b6275"
    yield "", 14, "#ffffff"
    words = " ".join(wish.prompt.split())
    words = words if len(words) <= SHOWN else words[:SHOWN] + "…"
    size = 42 if len(words) < 60 else 36 if len(words) < 140 else 28
    for line in _wrapped(_drawable(words, translate(NO_FONT, wish.language), size), size, width):
        yield _drawable(line, NO_FONT, size), size, "#1c2030"


def _wrapped(text: str, size: int, width: int) -> list[str]:
    """The text in lines that fit, cut within words where there are no spaces to cut at."""
    font = _font(text, size)
    each = max(1.0, font.getlength(text) / max(1, len(text)))
    lines = textwrap.wrap(text, max(8, int(width / each * 0.94))) or [""]
    for at in range(1, len(lines)):
        rest = lines[at].lstrip(CLOSING)
        lines[at - 1] += lines[at][: len(lines[at]) - len(rest)]
        lines[at] = rest.lstrip()
    return lines


def _drawable(text: str, instead: str, size: int) -> str:
    """The text, or what to write where no font has its letters."""
    return text if _has_all(_font(text, size), text) else instead


def _font(text: str, size: int) -> Any:
    """The first font that has every letter of a text, else the library's own."""
    return next((font for font in _fonts(size) if _has_all(font, text)), _fonts(size)[0])


@cache
def _fonts(size: int) -> tuple[Any, ...]:
    from PIL import ImageFont

    found: list[Any] = [ImageFont.load_default(size)]
    for name in FONTS:
        try:
            found.append(ImageFont.truetype(name, size))
        except OSError:
            continue
    return tuple(found)


def _has_all(font: Any, text: str) -> bool:
    missing = _drawn(font, NOWHERE)
    return all(letter.isspace() or _drawn(font, letter) != missing for letter in set(text))


def _drawn(font: Any, letter: str) -> tuple[Any, bytes]:
    mask = font.getmask(letter)
    return mask.size, bytes(mask)


def _shapes(pen: Any, prompt: str, width: int, height: int) -> None:
    """Circles that hang on the words, so that two cards can be told apart."""
    numbers = hashlib.sha256(prompt.encode("utf-8", "replace")).digest()
    for at in range(7):
        x, y, size, colour = numbers[4 * at : 4 * at + 4]
        middle, far = (x * width // 255, y * height // 340), 30 + size * width // 1200
        box = (middle[0] - far, middle[1] - far, middle[0] + far, middle[1] + far)
        pen.ellipse(box, COLOURS[colour % len(COLOURS)])
