"""A statement as a PDF that reads well in every script the fonts here have, and tells where they have none."""

import io
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from flowloom.earning.problems import EarningError
from flowloom.earning.statements import Statement, heads_in
from flowloom.locales import translate
from flowloom.money import written

SANS, BOLD = "FlowloomSans", "FlowloomSans-Bold"
"""These are embedded."""
EASTERN = {"STSong-Light": "gbk", "HYSMyeongJo-Medium": "cp949"}
"""For these every reader of PDF has a font of its own; the signs of each are those of an encoding."""
UNKNOWN = "?"


def as_pdf(statement: Statement, whose: str, seller: str, language: str) -> bytes:
    """The file. Raises EarningError where the package for it is not installed."""
    _fonts()
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    title = translate("Statement for {month}", language, month=statement.month)
    head = ParagraphStyle("head", fontName=BOLD, fontSize=16, leading=22)
    text = ParagraphStyle("text", fontName=SANS, fontSize=9.5, leading=13)
    parts: list[Any] = [Paragraph(marked(title), head), *_people(whose, seller, language, text), Spacer(1, 12)]
    parts += [_table(statement, language, text), Spacer(1, 12)]
    parts += [Paragraph(marked(line), text) for line in _ends(statement, language)]
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4, title=title, author=seller or "Flowloom", invariant=1).build(parts)
    return out.getvalue()


def _people(whose: str, seller: str, language: str, style: Any) -> list[Any]:
    from reportlab.platypus import Paragraph

    told = [(translate("Builder", language), whose), (translate("Store", language), seller)]
    return [Paragraph(marked(f"{name}: {said}"), style) for name, said in told if said]


def _table(statement: Statement, language: str, style: Any) -> Any:
    from reportlab.lib import colors
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, Table, TableStyle

    right = ParagraphStyle("right", parent=style, alignment=2)
    sides = (style, style, right, right)
    rows: list[list[Any]] = [
        [Paragraph(f"<b>{marked(said)}</b>", side) for said, side in zip(heads_in(language), sides, strict=True)]
    ]
    for each in statement.rows:
        amounts = (written(value, each.currency, language) for value in (each.amount, each.balance))
        cells = (each.day, each.said, *amounts)
        rows.append([Paragraph(marked(said), side) for said, side in zip(cells, sides, strict=True)])
    found = Table(rows, colWidths=(78, 206, 91, 91), repeatRows=1)
    found.setStyle(
        TableStyle(
            [("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor("#c8c8d0")), ("VALIGN", (0, 0), (-1, -1), "TOP")]
        )
    )
    return found


def _ends(statement: Statement, language: str) -> Iterator[str]:
    for currency, after in statement.after.items():
        before = written(statement.before.get(currency, 0), currency, language)
        yield translate(
            "Before: {before}. After: {after}.", language, before=before, after=written(after, currency, language)
        )
        if after < 0:
            yield translate("What was paid out too much is taken from what is earned next.", language)


def marked(text: str) -> str:
    """The text with the font of each piece, for a paragraph; a sign that no font has becomes a question mark."""
    return "".join(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    for font, signs in groupby(text, _font_of):
        said = escape("".join(_kept(signs)))
        yield (
            said
            if font == SANS
            else UNKNOWN * len(said)
            if font == UNKNOWN
            else f'<font name="{font}">{said}</font>'
        )


def _kept(signs: Iterable[str]) -> Iterator[str]:
    # A narrow space is missing from some fonts; it only keeps a number together.
    return ("\u00a0" if sign == "\u202f" else sign for sign in signs)


def _font_of(sign: str) -> str:
    if sign in "\u202f\u00a0" or ord(sign) in _fonts():
        return SANS
    return next((font for font, encoding in EASTERN.items() if _holds(encoding, sign)), UNKNOWN)


def _holds(encoding: str, sign: str) -> bool:
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@cache
def _fonts() -> frozenset[int]:
    """Make the fonts known; the signs that the embedded one has. It comes with matplotlib."""
    try:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont
        from reportlab.pdfbase.ttfonts import TTFont
    except ImportError:
        raise EarningError(
            "A statement as PDF needs a package that isn’t installed.",
            "Take the CSV, or install it: flowloom[selling].",
            code="earning.package",
        ) from None
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    sans = TTFont(SANS, str(folder / "DejaVuSans.ttf"))
    pdfmetrics.registerFont(sans)
    pdfmetrics.registerFont(TTFont(BOLD, str(folder / "DejaVuSans-Bold.ttf")))
    pdfmetrics.registerFontFamily(SANS, normal=SANS, bold=BOLD, italic=SANS, boldItalic=BOLD)
    for font in EASTERN:
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    return frozenset(sans.face.charToGlyph)
