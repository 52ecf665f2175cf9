"""The share card is a drawing whatever a GPT is called, and a picture that holds a flow gives it back."""

import base64
import struct
import zlib
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.exchange.share_card import PNG, flow_in_png, share_card
from flowloom.flow.file import read_flow, write_flow
from flowloom.flow.model import Flow
from flowloom.store.templates import templates

FLOW = Flow(name="Bees & <Honey>", starters=("What is a bee?",))
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"/>'


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def picture(*chunks: bytes) -> bytes:
    return PNG + chunk(b"IHDR", b"\0" * 13) + b"".join(chunks) + chunk(b"IEND", b"")


HELD = chunk(b"tEXt", b"flowloom\0" + base64.b64encode(write_flow(FLOW).encode()))


def test_a_picture_gives_its_flow_back() -> None:
    data = flow_in_png(picture(chunk(b"tEXt", b"Title\0Bees"), HELD))
    assert data is not None
    assert read_flow(data).name == FLOW.name


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        picture(),
        picture(chunk(b"tEXt", b"flowloom\0***")),
        picture(HELD)[:60],
        PNG + struct.pack(">I4s", 2**31, b"tEXt"),
    ],
)
def test_other_pictures_hold_none(data: bytes) -> None:
    assert flow_in_png(data) is None


def test_the_code_leads_to_the_link() -> None:
    card = share_card(FLOW, DRAWING, link="https://example.org/bees")
    assert "example.org/bees" in card
    assert card.count("<image") == 2
    assert share_card(FLOW, DRAWING).count("<image") == 1


@given(st.text(max_size=120), st.text(max_size=300), st.lists(st.text(max_size=200), max_size=4))
def test_whatever_it_is_called_it_is_a_drawing(name: str, description: str, starters: list[str]) -> None:
    flow = Flow.model_construct(**{**FLOW.__dict__, "name": name, "description": description})
    card = share_card(flow.model_copy(update={"starters": tuple(starters)}), DRAWING)
    assert ElementTree.fromstring(card).tag.endswith("svg")


def test_every_template_has_a_card() -> None:
    for template in templates("zh"):
        assert ElementTree.fromstring(share_card(template.flow, DRAWING, "zh")).attrib["width"] == "1200"
