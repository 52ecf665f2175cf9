"""What SmartArt and charts of Office files say: their words stand in parts of their own beside slide or page.

ECMA-376 part 1, 21.4 (DrawingML diagrams) and 21.2 (charts).
"""

from collections.abc import Callable, Iterator
from typing import Any

from flowloom.services.knowledge.loaders.document import table

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_D = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MAX_POINTS = 2_000
_FOR_LOOKS = ("pres", "parTrans", "sibTrans")
"""Points that say how others are drawn."""

Part = Callable[[str], bytes]
"""The bytes of a related part by its id; raises KeyError for one that is not there."""


def drawn_in(element: Any, part: Part) -> Iterator[str]:
    """The texts of the diagrams and the tables of the charts that stand in an element, in order."""
    for found in element.iter(f"{_D}relIds", f"{_C}chart"):
        is_diagram = found.tag == f"{_D}relIds"
        related = found.get(f"{_R}dm" if is_diagram else f"{_R}id")
        try:
            root = _parsed(part(related)) if related else None
        except (KeyError, ValueError):
            continue
        if root is not None:
            yield _diagram(root) if is_diagram else _chart(root)


def _parsed(data: bytes) -> Any:
    from docx.oxml import parse_xml

    return parse_xml(data)


def _diagram(root: Any) -> str:
    points = (point for point in root.iter(f"{_D}pt") if point.get("type") not in _FOR_LOOKS)
    texts = (" ".join("".join(_words(line)).strip() for line in point.iter(f"{_A}p")) for point in points)
    return "\n".join(f"- {text}" for text in list(filter(None, map(str.strip, texts)))[:MAX_POINTS])


def _words(line: Any) -> Iterator[str]:
    return (word.text or "" for word in line.iter(f"{_A}t"))


def _chart(root: Any) -> str:
    """A chart's title, and its figures as the table that its program kept of them."""
    heading = root.find(f".//{_C}chart/{_C}title")
    title = "".join(_words(heading)).strip() if heading is not None else ""
    series = [
        (_name(each), _points(each, "cat", "xVal"), _points(each, "val", "yVal")) for each in root.iter(f"{_C}ser")
    ]
    labels = next((categories for _, categories, _ in series if categories), {})
    places = sorted({*labels, *(place for _, _, values in series for place in values)})[:MAX_POINTS]
    rows = [["", *(name for name, _, _ in series)]]
    rows += [
        [labels.get(place, str(place + 1)), *(values.get(place, "") for _, _, values in series)] for place in places
    ]
    return "\n\n".join(filter(None, (title, table(rows) if places else "")))


def _name(series: Any) -> str:
    found = series.find(f"{_C}tx")
    return " ".join(value.text or "" for value in found.iter(f"{_C}v")) if found is not None else ""


def _points(series: Any, *names: str) -> dict[int, str]:
    for name in names:
        found = series.find(f"{_C}{name}")
        if found is not None:
            points = found.iter(f"{_C}pt")
            return {
                int(each.get("idx", "0")): each.findtext(f"{_C}v", "")
                for each in points
                if each.get("idx", "0").isdecimal()
            }
    return {}
