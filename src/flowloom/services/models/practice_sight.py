"""What the practice model can tell of a picture it does not see: its kind, its size, and its main colours."""

import io
from collections import Counter
from collections.abc import Sequence

from flowloom.errors import FlowloomError
from flowloom.kinds.values import Shown
from flowloom.services.formats.pictures import media_type_of, thumbnail

COLOURS: dict[str, tuple[tuple[int, int, int], dict[str, str]]] = {
    "black": ((0, 0, 0), {"fr": "noir", "zh": "黑色"}),
    "white": ((255, 255, 255), {"fr": "blanc", "zh": "白色"}),
    "grey": ((128, 128, 128), {"fr": "gris", "zh": "灰色"}),
    "red": ((215, 30, 40), {"fr": "rouge", "zh": "红色"}),
    "orange": ((245, 140, 20), {"fr": "orange", "zh": "橙色"}),
    "yellow": ((245, 225, 60), {"fr": "jaune", "zh": "黄色"}),
    "green": ((40, 150, 60), {"fr": "vert", "zh": "绿色"}),
    "blue": ((35, 80, 215), {"fr": "bleu", "zh": "蓝色"}),
    "light blue": ((120, 190, 240), {"fr": "bleu clair", "zh": "浅蓝色"}),
    "purple": ((125, 50, 170), {"fr": "violet", "zh": "紫色"}),
    "pink": ((240, 120, 170), {"fr": "rose", "zh": "粉色"}),
    "brown": ((120, 75, 40), {"fr": "brun", "zh": "棕色"}),
}
TOLD: dict[str, str] = {
    "en": "I cannot see. What I can tell of this picture: {kind}, {width} × {height} points; mostly {colours}.",
    "fr": "Je ne vois pas. Ce que je sais de cette image : {kind}, {width} × {height} points ; surtout {colours}.",
    "zh": "我看不见。关于这张图片，我只知道：{kind}，{width} × {height} 像素；主要是{colours}。",
}
BROKEN: dict[str, str] = {
    "en": "I cannot see, and this file is no picture that can be shown.",
    "fr": "Je ne vois pas, et ce fichier n’est pas une image affichable.",
    "zh": "我看不见，而且这个文件不是可以显示的图片。",
}
AND: dict[str, str] = {"en": ", ", "fr": ", ", "zh": "、"}


def tell(pictures: Sequence[Shown], language: str) -> str:
    """The facts of each picture, a line each."""
    return "\n".join(_told(each.data, language) for each in pictures)


def _told(data: bytes, language: str) -> str:
    from PIL import Image

    try:
        kind = media_type_of("", data).removeprefix("image/").upper()
        small = thumbnail(data, 48)
    except FlowloomError:
        return BROKEN[language]
    with Image.open(io.BytesIO(data)) as picture, Image.open(io.BytesIO(small)) as little:
        width, height = picture.size
        found: Counter[str] = Counter()
        for count, dot in little.convert("RGB").getcolors(48 * 48) or ():
            found[_nearest(dot)] += count
    names = [COLOURS[name][1].get(language, name) for name, _ in found.most_common(3)]
    return TOLD[language].format(kind=kind, width=width, height=height, colours=AND[language].join(names))


def _nearest(dot: object) -> str:
    red, green, blue = dot if isinstance(dot, tuple) else (0, 0, 0)

    def distance(name: str) -> int:
        other = COLOURS[name][0]
        return int((red - other[0]) ** 2 + (green - other[1]) ** 2 + (blue - other[2]) ** 2)

    return min(COLOURS, key=distance)
