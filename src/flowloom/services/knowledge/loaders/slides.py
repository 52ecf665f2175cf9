"""PowerPoint: each slide is a place, its title a heading."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

from flowloom.services.knowledge.loaders import document
from flowloom.services.knowledge.loaders.document import (
    Document,
    Length,
    OnProgress,
    paged,
    table,
    tidy,
    too_many_pages,
)
from flowloom.services.knowledge.loaders.drawn import drawn_in

_DEEPEST = 20
"""Groups within groups."""


def read_pptx(name: str, data: bytes, on_progress: OnProgress) -> Document:
    import pptx

    slides = list(pptx.Presentation(io.BytesIO(data)).slides)
    if len(slides) > document.MAX_PAGES:
        raise too_many_pages(name)
    texts, length = [], Length(name)
    for number, slide in enumerate(slides, 1):
        texts.append(length.add(tidy("\n\n".join(filter(None, _texts(slide))))))
        on_progress(number / len(slides))
    return paged(texts, [f"slide {number}" for number in range(1, len(texts) + 1)], is_markdown=True)


def _texts(slide: Any) -> Iterator[str]:
    title = slide.shapes.title
    if title is not None and title.has_text_frame and title.text_frame.text.strip():
        yield "# " + " ".join(title.text_frame.text.split())
    yield from _shapes(slide.shapes, title.shape_id if title is not None else None)
    yield from drawn_in(slide.element, lambda id: bytes(slide.part.related_part(id).blob))
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        yield slide.notes_slide.notes_text_frame.text.strip()


def _shapes(shapes: Iterable[Any], title: int | None, depth: int = 0) -> Iterator[str]:
    for shape in shapes:
        if getattr(shape, "has_table", False):
            yield table([cell.text for cell in row.cells] for row in shape.table.rows)
        elif shape.has_text_frame and shape.shape_id != title:
            yield shape.text_frame.text.replace("\v", "\n").strip()
        elif hasattr(shape, "shapes") and depth < _DEEPEST:
            yield from _shapes(shape.shapes, title, depth + 1)
