"""Every kind of document is read with its places; what is broken, locked or hostile is named and refused."""

import io
import zipfile
from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path

import pptx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx.util import Inches

from flowloom.errors import KnowledgeError
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.chunks import cut, preview
from flowloom.services.knowledge.loaders import READABLE, office, read_document, read_text
from flowloom.services.knowledge.loaders import html as html_loader
from tests.services.office_files import repacked, slides, word, workbook

PRICES = [["Thing", "Price"], ["Cup", "3"], ["Pot | lid", "12"]]
PRICE_TABLE = "| Thing | Price |\n| --- | --- |\n| Cup | 3 |\n| Pot \\| lid | 12 |"
PAGE = """<html><head><title>Handbook</title><script>let menu = 1</script></head><body>
<nav><a href="/">Home</a> <a href="/imprint">Imprint</a></nav>
<main><h1>Staff</h1><p>Every employee gets thirty days of holiday a year, and they are to be taken by March.</p>
<h2>Prices</h2><p>What we pay for things in the canteen is written down in this table, for everybody to see.</p>
<table><tr><th>Thing</th><th>Price</th></tr><tr><td>Cup</td><td>3</td></tr></table></main>
<footer>Copyright</footer></body></html>"""


def mail(text: str = "The meeting is on Monday.", html: str = "", attached: str = "") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Ann <ann@example.com>", "bob@example.com", "Réunion"
    message["Date"] = "Mon, 02 Mar 2026 10:00:00 +0000"
    if text:
        message.set_content(text)
    if html:
        message.add_alternative(html, "html") if text else message.set_content(html, "html")
    if attached:
        message.add_attachment(b"secret bytes", "application", "pdf", filename=attached)
    return message.as_bytes()


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("a.docx", word("# Leave", "Thirty days.", PRICES), f"# Leave\n\nThirty days.\n\n{PRICE_TABLE}"),
        ("a.csv", b"Thing,Price\nCup,3\n\nPot | lid,12\n", PRICE_TABLE),
        ("a.csv", b"Thing;Price\r\nCup;3,50\r\n", "| Thing | Price |\n| --- | --- |\n| Cup | 3,50 |"),
        ("a.tsv", b'Thing\tPrice\n"Cup\nblue"\t3\n', "| Thing | Price |\n| --- | --- |\n| Cup blue | 3 |"),
        ("a.csv", "Größe;Été\n1;2\n".encode("cp1252"), "| Größe | Été |\n| --- | --- |\n| 1 | 2 |"),
        ("a.html", b"<title>T</title><p>Hi there</p>", "# T\n\nHi there"),
        ("a.htm", '<meta charset="gbk"><p>员工</p>'.encode("gbk"), "员工"),
        (
            "a.eml",
            mail(attached="plan.pdf"),
            "# Réunion\nFrom: Ann <ann@example.com>\nTo: bob@example.com\nSubject: Réunion\n"
            "Date: Mon, 02 Mar 2026 10:00:00 +0000\nAttachments: plan.pdf\n\nThe meeting is on Monday.\n",
        ),
    ],
)
def test_reads(name: str, data: bytes, text: str) -> None:
    assert read_document(name, data).text == text


def test_slides_are_places() -> None:
    deck = read_document("a.pptx", slides(("Plan", "Grow"), ("Costs", "Low"), notes="Say it slowly", rows=PRICES))
    assert deck.pages[0].text == "# Plan\n\nGrow"
    assert deck.pages[1].text == f"# Costs\n\nLow\n\n{PRICE_TABLE}\n\nSay it slowly"
    found = cut("a.pptx", deck)
    assert [(each.page, each.place, each.heading) for each in found] == [
        (1, "a.pptx, slide 1", "Plan"),
        (2, "a.pptx, slide 2", "Costs"),
    ]


def test_sheets_are_places() -> None:
    rows = [["Day", "Sum"], [datetime(2026, 3, 1), 2.0], [None, None], [date(2026, 3, 2), 2.5]]
    book = read_document("a.xlsx", workbook(Jan=rows, Empty=[], Rest=[["x"]]))
    table = "| Day | Sum |\n| --- | --- |\n| 2026-03-01 | 2 |\n| 2026-03-02 | 2.5 |"
    assert book.pages[0].text == f"# Jan\n\n{table}"
    assert [(each.place, each.heading) for each in cut("a.xlsx", book)] == [
        ("a.xlsx, Jan", "Jan"),
        ("a.xlsx, Rest", "Rest"),
    ]


def test_a_page_is_read_without_its_menus() -> None:
    page = read_document("a.html", PAGE.encode())
    assert (page.title, page.text.count("# Staff")) == ("Handbook", 1)
    assert "## Prices" in page.text
    assert "| Cup | 3 |" in page.text
    assert not any(word in page.text for word in ("Imprint", "menu", "Copyright"))


def test_a_mail_in_html_is_read() -> None:
    text = read_document("a.eml", mail(text="", html="<p>See you <b>soon</b></p>")).text
    assert "See you" in text
    assert "<p>" not in text


def test_attached_tables_stay_as_they_were_written() -> None:
    assert read_text("a.csv", b"a,b\r\n1,2") == "a,b\n1,2"


def test_each_passage_of_a_table_repeats_its_header() -> None:
    rows = "".join(f"Thing {n};{n} euros\n" for n in range(200))
    document = read_document("a.csv", f"Name;Price\n{rows}".encode())
    found = cut("a.csv", document, 300, 60)
    header = "| Name | Price |\n| --- | --- |\n"
    assert len(found) > 10
    for passage in found:
        assert passage.text.startswith(header)
        assert len(passage.text) <= 300
        assert document.text[passage.start :].startswith(passage.text[passage.repeated :])
    # Every row once and whole.
    said = [line for passage in found for line in passage.text.removeprefix(header).splitlines()]
    assert said == document.text.splitlines()[2:]


def test_tables_between_texts_keep_their_place() -> None:
    rows = "\n".join(f"| thing {n} | {n} |" for n in range(30))
    text = f"# A\n\nBefore.\n\n| what | sum |\n|---|---|\n{rows}\n\nAfter.\n\n# B\n\nEnd."
    document = read_document("a.md", text.encode())
    found = preview(document, 200, 20)
    assert {each.heading for each in found} == {"A", "B"}
    for passage in found:
        assert text[passage.start :].startswith(passage.text[passage.repeated :])
        assert passage.text.startswith("| what") == ("| thing" in passage.text)


@settings(deadline=None)
@given(st.lists(st.text("ab| \n-", max_size=30), max_size=40), st.integers(100, 300))
def test_any_table_is_cut_to_size(cells: list[str], size: int) -> None:
    text = "head;er\n" + "\n".join(f'"{cell}";x' for cell in cells)
    document = read_document("a.csv", text.encode())
    for passage in cut("a.csv", document, size, 20):
        assert len(passage.text) <= size
        assert document.text[passage.start :].startswith(passage.text[passage.repeated :])


BOMB = b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><x>&b;</x>"
DOC = word("Some text")


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.docx", DOC[: len(DOC) // 2], "a readable Word document"),
        ("a.docx", b"just words", "a readable Word document"),
        ("a.docx", repacked(DOC, {"word/document.xml": b"<broken"}), "a readable Word document"),
        ("a.docx", repacked(DOC, {"word/document.xml": BOMB}), "wasn’t opened"),
        ("a.docx", repacked(DOC, {"word/more.xml": BOMB.decode().encode("utf-16")}), "wasn’t opened"),
        (
            "a.docx",
            repacked(DOC, {"word/more.xml": b"<!--" + b" " * 200_000 + b"-->" + BOMB[21:]}),
            "wasn’t opened",
        ),
        ("a.docx", repacked(DOC, {"word/more.xml": BOMB[21:].decode().encode("utf-16-be")}), "wasn’t opened"),
        ("a.docx", repacked(DOC, {"word/big.bin": bytes(20_000_000)}), "wasn’t opened"),
        ("a.docx", word(""), "contains no text"),
        ("a.xlsx", DOC, "a different type of file: Word document"),
        ("a.docx", workbook(A=[["x"]]), "a different type of file: Excel workbook"),
        ("a.pptx", repacked(DOC, {})[:-30], "a readable PowerPoint"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 100, "is in an old Office format"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("a.pptx", slides(("", "")), "contains no text"),
        ("a.xlsx", workbook(A=[]), "contains no text"),
        ("a.csv", b"PK\x03\x04", "Office"),
        ("a.html", b"<script>x</script>", "contains no text"),
        ("a.html", b"\x1f\x8b\x08\x00", "archive"),
        ("a.eml", b"no headers here", "email"),
        ("a.zip", DOC, "type of file"),
    ],
)
def test_names_what_is_wrong(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    bases = KnowledgeBases(tmp_path)
    with pytest.raises(KnowledgeError, match=says) as caught:
        bases.add("f/main", name, data)
    assert name in str(caught.value)
    assert bases.files("f/main") == []


def test_archives_are_held_to_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "MAX_PARTS", 3)
    with pytest.raises(KnowledgeError, match="wasn’t opened"):
        read_document("a.docx", DOC)
    monkeypatch.undo()
    monkeypatch.setattr(office, "MAX_UNPACKED", 1_000)
    with pytest.raises(KnowledgeError, match="wasn’t opened"):
        read_document("a.docx", DOC)


def test_an_archive_that_lies_about_its_sizes_is_refused() -> None:
    data = bytearray(repacked(DOC, {"word/zz.bin": b"x" * 5_000}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        size = archive.getinfo("word/zz.bin").file_size
    at = data.rindex(size.to_bytes(4, "little"))
    data[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(KnowledgeError):
        read_document("a.docx", bytes(data))


def test_a_page_that_never_ends_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_loader, "MAX_CHARACTERS", 1_000)
    assert len(read_document("a.html", b"<p>" + b"word " * 10_000).text) < 1_100
    monkeypatch.undo()
    with pytest.raises(KnowledgeError, match="contains no text"):
        read_document("a.html", b"<div>" * 50_000 + b"too deep")


@settings(deadline=None)  # the libraries are imported when first needed
@given(st.binary(max_size=300), st.sampled_from([f"a.{ending}" for ending in READABLE]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    for start in (b"", b"PK\x03\x04", b"From: a\n\n"):
        try:
            assert isinstance(read_document(name, start + data).text, str)
        except KnowledgeError as error:
            assert name in str(error)  # noqa: PT017


def test_letters_that_a_typesetter_joined_are_spelled_out() -> None:
    """Unicode 15, “Alphabetic Presentation Forms”: ﬁ is one sign, and who asks types two letters."""
    from flowloom.services.knowledge.loaders import pdf

    assert pdf._spelled("The oﬃce ﬁles, aﬀected") == "The office files, affected"
    assert pdf._spelled("ﻻﺑﺪ") == "لابد"
    assert pdf._spelled("infor\u00ad\nmation") == "information"
    assert pdf._spelled("½ ² ™ stay") == "½ ² ™ stay"


def test_a_chart_of_a_slide_is_a_table() -> None:
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Sales"
    data = CategoryChartData()
    data.categories = ["North", "South"]
    data.add_series("2025", (1.5, 2))
    data.add_series("2026", (3, None))
    size = (Inches(1), Inches(1), Inches(4), Inches(3))
    chart = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *size, data).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "By region"
    file = io.BytesIO()
    deck.save(file)
    text = read_document("a.pptx", file.getvalue()).text
    assert "By region" in text
    assert "|  | 2025 | 2026 |\n| --- | --- | --- |\n| North | 1.5 | 3 |\n| South | 2 |  |" in text


DIAGRAM = """<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><dgm:ptLst>
 <dgm:pt modelId="1"><dgm:t><a:p><a:r><a:t>Ask </a:t></a:r><a:r><a:t>first</a:t></a:r></a:p></dgm:t></dgm:pt>
 <dgm:pt modelId="2"><dgm:t><a:bodyPr/><a:p><a:r><a:t>Then order</a:t></a:r></a:p></dgm:t></dgm:pt>
 <dgm:pt modelId="3" type="pres"><dgm:t><a:p><a:r><a:t>look</a:t></a:r></a:p></dgm:t></dgm:pt>
</dgm:ptLst></dgm:dataModel>"""
FRAME = """<a:graphicData xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"
 uri="http://schemas.openxmlformats.org/drawingml/2006/diagram"><dgm:relIds r:dm="rId9"/></a:graphicData>"""


def test_smartart_says_its_words() -> None:
    from docx.oxml import parse_xml

    from flowloom.services.knowledge.loaders.drawn import drawn_in

    frame = parse_xml(FRAME)
    assert list(drawn_in(frame, {"rId9": DIAGRAM.encode()}.__getitem__)) == ["- Ask first\n- Then order"]
    assert list(drawn_in(frame, {}.__getitem__)) == []
