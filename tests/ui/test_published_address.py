"""What others scan to reach a published GPT leads to the address that stands beside it."""

import io
from urllib.parse import quote

import pytest
import segno
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

ADDRESSES = ["http://localhost:8501/gpt/trips", f"https://school.example/gpt/{quote('帮助中心')}"]
SCALE, BORDER = 5, 3


def page() -> None:
    import streamlit as st

    from flowloom.ui.gpt.published_address import draw_address

    draw_address(st.session_state["address"])


def squares(picture: bytes) -> list[list[int]]:
    """The dark squares of a code, each looked at in its middle."""
    image = Image.open(io.BytesIO(picture)).convert("L")
    places = range(BORDER * SCALE + SCALE // 2, image.width - BORDER * SCALE, SCALE)
    return [[int(image.getpixel((x, y)) < 128) for x in places] for y in places]  # type: ignore[operator]


@pytest.mark.parametrize("address", ADDRESSES)
def test_address_and_code_are_the_same(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[bytes] = []
    monkeypatch.setattr(st, "image", lambda picture, **_: shown.append(picture))
    app = AppTest.from_function(page, default_timeout=30)
    app.session_state["address"] = address
    app.run()
    assert not app.exception
    assert [code.value for code in app.code] == [address]
    (picture,) = shown
    assert squares(picture) == [list(row) for row in segno.make(address, micro=False).matrix]
