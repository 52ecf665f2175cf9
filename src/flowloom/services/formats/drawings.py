"""Drawings as SVG that only show something: no script, nothing fetched, no page within."""

from typing import Any

from flowloom.services.formats.xml_parts import NotXml, declares_within

DRAWING = "image/svg+xml"
MAX_BYTES = 5_000_000
_SVG = "{http://www.w3.org/2000/svg}"
_SHOWS = frozenset(
    f"{_SVG}{name}"
    for name in (
        "svg g defs clipPath path rect circle ellipse line polyline polygon text tspan use title desc style "
        "linearGradient radialGradient stop pattern mask marker symbol metadata"
    ).split()
)


def drawing_kind(data: bytes) -> str | None:
    """The media type of a drawing that may be shown and saved; None where it is none."""
    from lxml import etree  # type: ignore[import-untyped]

    if len(data) > MAX_BYTES or b"<svg" not in data[:2_000] or _declares_entities(data):
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return DRAWING if root.tag == f"{_SVG}svg" and _only_shows(root) else None


def _declares_entities(data: bytes) -> bool:
    try:
        return declares_within(data)
    except NotXml:
        return True


def _only_shows(element: Any) -> bool:
    """Whether an element and all within it only draw."""
    if not isinstance(element.tag, str):
        # A comment is nothing; an entity or an instruction to the reader may be anything.
        return getattr(element.tag, "__name__", "") == "Comment"
    if element.tag == f"{_SVG}metadata":
        return all(_is_data(each) for each in element.iterdescendants())
    if element.tag not in _SHOWS or not all(map(_is_harmless, element.attrib.items())):
        return False
    words = (element.text or "").lower()
    if element.tag == f"{_SVG}style" and ("@import" in words or "url(" in words):
        return False
    return all(map(_only_shows, element))


def _is_data(element: Any) -> bool:
    """Whether a browser takes an element for something said about a drawing, and neither draws nor runs it."""
    return isinstance(element.tag, str) and not element.tag.startswith((_SVG, "{http://www.w3.org/1999/xhtml}"))


def _is_harmless(attribute: tuple[str, str]) -> bool:
    name, value = attribute[0].rpartition("}")[2].lower(), attribute[1].strip().lower()
    if name.startswith("on"):
        return False
    if name == "href":
        return value.startswith("#")
    return "url(" not in value or value.replace(" ", "").startswith("url(#")
