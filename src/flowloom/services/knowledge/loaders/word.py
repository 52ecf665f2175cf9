"""Word documents: headings and tables as Markdown, notes below, what stands on every page once."""

import io
import re
from collections.abc import Iterator
from typing import Any

from flowloom.services.knowledge.loaders import word_text
from flowloom.services.knowledge.loaders.document import Document, Length, OnProgress, table, tidy, whole
from flowloom.services.knowledge.loaders.drawn import drawn_in


def read_docx(name: str, data: bytes, on_progress: OnProgress) -> Document:
    import docx

    source = docx.Document(io.BytesIO(data))
    length = Length(name)
    text = "\n\n".join(length.add(block) for block in _Reading(source).blocks() if block)
    return whole(tidy(text), is_markdown=True, title=source.core_properties.title or "")


class _Reading:
    """One document being read; its notes are numbered as they come."""

    def __init__(self, source: Any) -> None:
        self._source = source
        self._styles = {style.style_id: style.name or "" for style in source.styles}
        self._usual = _name_of_usual(source)
        self._notes = {kind: dict(self._written(kind)) for kind in ("footnote", "endnote")}
        self._told: list[str] = []

    def blocks(self) -> Iterator[str]:
        yield from self._on_every_page("header")
        yield from self._texts(self._source.element.body)
        yield "\n".join(f"[{number}] {text}" for number, text in enumerate(self._told, 1))
        yield from self._on_every_page("footer")

    def _texts(self, element: Any, depth: int = 0) -> Iterator[str]:
        for block in word_text.blocks_in(element):
            if block.tag.endswith("}tbl"):
                yield table(word_text.rows_in(block))
                continue
            yield self._paragraph(block)
            yield from drawn_in(block, lambda id: bytes(self._source.part.related_parts[id].blob))
            for box in word_text.boxes_in(block) if depth < word_text.DEEPEST else ():
                yield from self._texts(box, depth + 1)

    def _paragraph(self, paragraph: Any) -> str:
        text = word_text.text_of(paragraph, self._note).strip()
        style = self._styles.get(word_text.style_of(paragraph), self._usual) if text else ""
        level = re.fullmatch(r"Heading (\d)", style)
        if text and (level or style == "Title"):
            return "#" * min(6, int(level[1]) if level else 1) + " " + " ".join(text.split())
        return f"- {text}" if text and style.startswith("List") else text

    def _note(self, kind: str, id: str) -> str:
        text = self._notes.get(kind, {}).get(id, "")
        if not text:
            return ""
        self._told.append(text)
        return f" [{len(self._told)}]"

    def _written(self, kind: str) -> Iterator[tuple[str, str]]:
        for root in self._parts(f"{kind}s"):
            yield from word_text.notes_in(root)

    def _on_every_page(self, kind: str) -> Iterator[str]:
        """Headers or footers, each text once; a bare page number says nothing."""
        texts = (text for root in self._parts(kind) for text in self._texts(root))
        yield from dict.fromkeys(text for text in texts if not re.fullmatch(r"[\W\d]*", text))

    def _parts(self, kind: str) -> Iterator[Any]:
        from docx.oxml import parse_xml

        for relation in self._source.part.rels.values():
            if not relation.is_external and relation.reltype.endswith(f"/{kind}"):
                part = relation.target_part
                yield part.element if hasattr(part, "element") else parse_xml(part.blob)


def _name_of_usual(source: Any) -> str:
    from docx.enum.style import WD_STYLE_TYPE

    style = source.styles.default(WD_STYLE_TYPE.PARAGRAPH)
    return (style.name or "") if style is not None else ""
