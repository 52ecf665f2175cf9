"""What a reader sees of a Word document: all text that stands in the file, wherever it is wrapped, and no other.

Text typed while changes are tracked is wrapped in `ins` or `moveTo`, forms in `sdt`, names in `smartTag`, values
that Word works out in `fldSimple`, boxes in drawings; what was deleted or moved away still stands there and is not
shown (ECMA-376 part 1, 17.13.5 revisions, 17.5.2 content controls, 17.16 fields; part 3, 10 alternate content).
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_GONE = frozenset(
    f"{_W}{name}"
    for name in (
        *("del", "moveFrom", "delText", "delInstrText", "instrText", "rt", "pPr", "rPr", "sdtPr", "sdtEndPr"),
        *("tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "comment", "annotationRef", "footnoteRef", "endnoteRef"),
    )
)
"""What is in a file and not on its pages, with all that is in it."""
_SIGNS = {f"{_W}tab": "\t", f"{_W}ptab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_NOTES = (f"{_W}footnoteReference", f"{_W}endnoteReference")
_BOX, _PARAGRAPH, _TABLE = f"{_W}txbxContent", f"{_W}p", f"{_W}tbl"
_ROW, _CELL, _RUN, _TEXT = f"{_W}tr", f"{_W}tc", f"{_W}r", f"{_W}t"
_OFF = ("0", "false", "off", "none")
DEEPEST = 100

Note = Callable[[str, str], str]
"""What stands at the mark of a note: its kind (`footnote`, `endnote`) and id → text."""


def blocks_in(element: Any, depth: int = 0) -> Iterator[Any]:
    """The paragraphs and tables of a body, cell or box in order, without those in boxes."""
    for child in _shown(element):
        if child.tag in (_PARAGRAPH, _TABLE):
            yield child
        elif child.tag not in (_RUN, _BOX) and depth < DEEPEST:
            yield from blocks_in(child, depth + 1)


def boxes_in(paragraph: Any) -> Iterator[Any]:
    """The text boxes anchored in a paragraph, each once, though files hold each in two spellings."""
    for box in paragraph.iter(_BOX):
        holders = list(box.iterancestors())
        inner = next((each for each in holders if each.tag in (_BOX, _PARAGRAPH)), None)
        if inner is paragraph and not any(each.tag in _GONE or _is_spare(each) for each in holders):
            yield box


def text_of(paragraph: Any, note: Note = lambda kind, id: "") -> str:
    """The text of a paragraph as it is shown, without that of its boxes."""
    return "".join(_pieces(paragraph, note))


def _pieces(element: Any, note: Note, depth: int = 0) -> Iterator[str]:
    for child in _shown(element):
        tag = child.tag
        if tag == _TEXT or tag == f"{_M}t":
            yield child.text or ""
        elif tag in _SIGNS:
            yield _SIGNS[tag]
        elif tag in _NOTES:
            yield note(tag[len(_W) : -len("Reference")], child.get(f"{_W}id", ""))
        elif tag != _BOX and depth < DEEPEST and not (tag == _RUN and _is_hidden(child)):
            yield from _pieces(child, note, depth + 1)


def _shown(element: Any) -> Iterator[Any]:
    for child in element:
        if child.tag in _GONE or not isinstance(child.tag, str) or _is_spare(child):
            continue
        yield child


def _is_spare(element: Any) -> bool:
    """Whether it is another spelling of what stands beside it, for programs that do not know that one."""
    if element.tag != f"{_MC}Fallback":
        return False
    parent = element.getparent()
    return parent is not None and parent.find(f"{_MC}Choice") is not None


def _is_hidden(run: Any) -> bool:
    marks = run.find(f"{_W}rPr/{_W}vanish")
    return marks is not None and marks.get(f"{_W}val", "1") not in _OFF


def rows_in(table: Any) -> list[list[str]]:
    """The cells of a table as a grid: what rows share stands in each of them, what columns share in the first."""
    rows: list[list[str]] = []
    for row in _inside(table, _ROW):
        if row.find(f"{_W}trPr/{_W}del") is None:
            rows.append(_cells(row, rows[-1] if rows else []))
    return rows


def _cells(row: Any, above: list[str]) -> list[str]:
    cells = [""] * _number(row.find(f"{_W}trPr/{_W}gridBefore"), 0)
    for cell in _inside(row, _CELL):
        says = cell.find(f"{_W}tcPr")
        shared = says.find(f"{_W}vMerge") if says is not None else None
        goes_on = shared is not None and shared.get(f"{_W}val", "continue") == "continue"
        text = above[len(cells)] if goes_on and len(cells) < len(above) else cell_text(cell)
        width = _number(says.find(f"{_W}gridSpan") if says is not None else None, 1)
        cells += [text, *[""] * (width - 1)]
    return cells


def cell_text(cell: Any) -> str:
    """What stands in a cell on one line, its boxes and the tables within it too."""
    return " ".join(filter(None, (line.strip() for line in _lines(cell))))


def _lines(element: Any, depth: int = 0) -> Iterator[str]:
    for block in blocks_in(element):
        if block.tag == _PARAGRAPH:
            yield text_of(block)
            for box in boxes_in(block) if depth < DEEPEST else ():
                yield from _lines(box, depth + 1)
        elif depth < DEEPEST:
            for row in _inside(block, _ROW):
                for cell in _inside(row, _CELL):
                    yield from _lines(cell, depth + 1)


def _inside(element: Any, tag: str, depth: int = 0) -> Iterator[Any]:
    """The rows of a table or the cells of a row, through content controls around them."""
    for child in _shown(element):
        if child.tag == tag:
            yield child
        elif child.tag not in (_ROW, _CELL, _TABLE, _PARAGRAPH) and depth < DEEPEST:
            yield from _inside(child, tag, depth + 1)


def _number(element: Any, otherwise: int) -> int:
    value = element.get(f"{_W}val", "") if element is not None else ""
    return min(int(value), 500) if value.isdecimal() and len(value) < 6 else otherwise


def style_of(paragraph: Any) -> str:
    """The id of a paragraph's style, "" for the usual one."""
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return style.get(f"{_W}val", "") if style is not None else ""


def notes_in(root: Any) -> Iterable[tuple[str, str]]:
    """The id and text of each footnote or endnote that a person wrote; the lines that part them are left out."""
    for note in root:
        if isinstance(note.tag, str) and note.get(f"{_W}type") in (None, "normal"):
            yield note.get(f"{_W}id", ""), cell_text(note)
