"""Pictures are taken by what they are, not by their names, and only in sizes a page can bear."""

import io

import pytest
from PIL import Image

from flowloom.errors import KnowledgeError
from flowloom.services.formats.pictures import (
    MAX_BYTES,
    check_size,
    for_models,
    is_picture,
    media_type_of,
    thumbnail,
)


def picture(kind: str = "PNG", size: tuple[int, int] = (600, 300), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 1).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_is_known_and_made_small(kind: str) -> None:
    data = picture(kind)
    assert is_picture(data)
    assert media_type_of("bee", data) == f"image/{kind.lower()}"
    with Image.open(io.BytesIO(thumbnail(data, 200))) as small:
        assert small.size == (200, 100)


def test_text_is_no_picture() -> None:
    assert not is_picture(b"bees")
    assert not is_picture(b"<svg onload='x'/>")


REFUSED = {
    "too many bytes": (picture() + b"\0" * MAX_BYTES, "10 MB"),
    "too many points": (picture(size=(8_000, 8_000), mode="1"), "50 million"),
    "cut off at once": (b"\x89PNG\r\n\x1a\n", "a picture that can"),
    "another kind by that name": (b"\xff\xd8\xffbees", "a picture that can"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_shown_is_refused(name: str) -> None:
    data, said = REFUSED[name]
    with pytest.raises(KnowledgeError, match=said):
        media_type_of("bee.png", data)


def test_a_picture_damaged_within_is_told() -> None:
    with pytest.raises(KnowledgeError, match="a picture that can"):
        thumbnail(picture()[:60], 200)


def test_a_size_is_enough_to_refuse_a_picture() -> None:
    check_size("bees.PNG", MAX_BYTES)
    check_size("bees.pdf", 50_000_000)
    with pytest.raises(KnowledgeError, match="larger than 10 MB"):
        check_size("bees.PNG", 50_000_000)


def photo(side: int) -> bytes:
    """A photo that lies on its side and tells where it was taken."""
    facts = Image.Exif()
    facts[0x0112], facts[0x010F] = 6, "A camera of mine"
    facts.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    Image.new("RGB", (side, side // 2), "red").save(out, "JPEG", exif=facts)
    return out.getvalue()


def test_models_get_a_photo_upright_small_and_without_its_place() -> None:
    media_type, data = for_models(photo(3_000))
    assert media_type == "image/jpeg"
    assert b"A camera of mine" in photo(3_000)
    assert b"A camera of mine" not in data
    with Image.open(io.BytesIO(data)) as seen:
        assert seen.size == (1024, 2048)
        assert dict(seen.getexif()) == {}


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_others_become_png(kind: str) -> None:
    media_type, data = for_models(picture(kind))
    assert media_type == "image/png"
    with Image.open(io.BytesIO(data)) as seen:
        assert (seen.format, seen.size) == ("PNG", (600, 300))
