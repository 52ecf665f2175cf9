"""The drawing of a flow: whole, escaped, and of any flow."""

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
    assert len(drawing.findall(f"{SVG}text")) == 2 * len(flow.nodes)


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
