"""The drawing of a flow: whole, escaped, and of any flow."""

import re
from xml.etree import ElementTree

import pytest

from flowloom.flow.model import Flow
from flowloom.serve.picture import picture
from flowloom.store.templates import templates

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.id)
@pytest.mark.parametrize("dark", [False, True])
def test_every_block_and_line_is_drawn(template: object, dark: bool) -> None:
    flow = template.flow  # type: ignore[attr-defined]
    drawing = ElementTree.fromstring(picture(flow, "fr", dark=dark))
    assert len(drawing.findall(f"{SVG}path")) == len(flow.edges)
    beside = [node.kind for node in flow.nodes if node.kind in ("note", "group")]
    assert len(drawing.findall(f"{SVG}text")) == 2 * (len(flow.nodes) - len(beside)) + len(beside)


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.id)
def test_the_sheet_holds_every_line_and_is_no_larger_than_its_blocks_ask(template: object) -> None:
    flow = template.flow  # type: ignore[attr-defined]
    drawing = ElementTree.fromstring(picture(flow))
    left, top, width, height = map(float, drawing.attrib["viewBox"].split())
    for path in drawing.iter(f"{SVG}path"):
        across = [float(found) for found in re.findall(r"[MH]([-\d.]+)", path.attrib["d"])]
        down = [float(found) for found in re.findall(r"V([-\d.]+)", path.attrib["d"])]
        assert all(left < x < left + width for x in across)
        assert all(top < y < top + height for y in down)
    cards = [box for box in drawing.findall(f"{SVG}rect") if box.attrib.get("rx") == "10"]
    assert max(float(card.attrib["x"]) for card in cards) + 180 + 60 > left + width


def test_a_group_is_a_frame_around_its_members_wherever_it_was_dropped() -> None:
    flow = Flow.model_validate(
        {
            "nodes": [
                {"id": "a", "kind": "prompt", "config": {"template": "Hello"}},
                {"id": "g", "kind": "group", "name": "Greetings", "config": {"members": ["a", "gone"]}},
                {"id": "empty", "kind": "group", "name": "Nothing"},
            ],
            "layout": {"a": {"x": 100, "y": 100}, "g": {"x": 5000, "y": 0}, "empty": {"x": 9000, "y": 0}},
        }
    )
    drawing = ElementTree.fromstring(picture(flow))
    assert float(drawing.attrib["width"]) < 400
    said = {found.text for found in drawing.iter(f"{SVG}text")}
    assert "Greetings" in said
    assert "Nothing" not in said


def test_a_note_shows_how_it_begins() -> None:
    note = {"id": "n", "kind": "note", "config": {"text": "Write to <the> school office before you travel. " * 9}}
    drawing = ElementTree.fromstring(picture(Flow.model_validate({"nodes": [note]})))
    lines = [found.text or "" for found in drawing.iter(f"{SVG}tspan")]
    assert lines[0].startswith("Write to <the>")
    assert len(lines) == 3
    assert lines[-1].endswith("…")


def test_on_a_large_sheet_the_ports_have_names() -> None:
    flow = Flow.model_validate(
        {"nodes": [{"id": "a", "kind": "prompt", "config": {"template": "{{ who }} & {{ what }}"}}]}
    )
    drawing = ElementTree.fromstring(picture(flow, detailed=True))
    assert {"who", "what"} <= {found.text for found in drawing.iter(f"{SVG}text")}


def test_words_of_a_person_are_words_and_no_markup() -> None:
    name = "<script>alert(1)</script> & co"
    flow = Flow.model_validate({"name": name, "nodes": [{"id": "a", "kind": "no.such", "name": name}]})
    drawing = ElementTree.fromstring(picture(flow))
    assert drawing.find(f"{SVG}title") is not None
    assert drawing.find(f".//{SVG}script") is None


def test_an_empty_flow_is_an_empty_sheet() -> None:
    assert ElementTree.fromstring(picture(Flow())).findall(f"{SVG}path") == []
