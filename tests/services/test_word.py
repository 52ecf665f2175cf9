"""A Word document says what its pages show: text in every wrapping Word knows, and nothing that was deleted."""

import io
import zipfile

import docx
import pytest

from flowloom.services.knowledge.loaders import read_document
from tests.services.office_files import repacked

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMES = (
    f'xmlns:w="{W}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
EMPTY = io.BytesIO()
docx.Document().save(EMPTY)


def read(body: str, **parts: str) -> str:
    """The text of a document with this body; `parts` are further XML files with their relations."""
    document = f"<w:document {NAMES}><w:body>{body}<w:sectPr/></w:body></w:document>"
    changes = {"word/document.xml": document.encode()}
    if parts:
        with zipfile.ZipFile(io.BytesIO(EMPTY.getvalue())) as archive:
            relations = archive.read("word/_rels/document.xml.rels").decode()
            types = archive.read("[Content_Types].xml").decode()
        base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
        for at, (name, xml) in enumerate(parts.items()):
            relation = f'<Relationship Id="rX{at}" Type="{base}/{name}" Target="{name}.xml"/>'
            relations = relations.replace("</Relationships>", relation + "</Relationships>")
            override = f'<Override PartName="/word/{name}.xml" ContentType="{kind}.{name}+xml"/>'
            types = types.replace("</Types>", override + "</Types>")
            changes[f"word/{name}.xml"] = xml.encode()
        changes["word/_rels/document.xml.rels"] = relations.encode()
        changes["[Content_Types].xml"] = types.encode()
    return read_document("a.docx", repacked(EMPTY.getvalue(), changes)).text


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(inner: str) -> str:
    return f"<w:p>{inner}</w:p>"


GONE = '<w:r><w:delText xml:space="preserve">four </w:delText></w:r>'
BOX = f"<w:txbxContent>{paragraph(run('In a box'))}</w:txbxContent>"
BOTH_SPELLINGS = (
    f'<mc:AlternateContent><mc:Choice Requires="wps"><wps:wsp><wps:txbx>{BOX}</wps:txbx></wps:wsp></mc:Choice>'
    f"<mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
)
FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DATE </w:instrText></w:r>'
    f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("May")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
OLD_BOX = f"<w:r><w:pict><v:textbox>{BOX}</v:textbox></w:pict></w:r>"


def form(inner: str) -> str:
    return f"<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


PARAGRAPHS = [
    # ECMA-376 part 1: the section that says what each element means.
    (
        "17.13.5.18 ins, 17.13.5.14 del",
        f"{run('The notice period is ')}<w:del>{GONE}</w:del><w:ins>{run('eight ')}</w:ins>{run('weeks.')}",
        "The notice period is eight weeks.",
    ),
    (
        "17.13.5.25 moveTo, 17.13.5.22 moveFrom",
        f"<w:moveFrom>{run('here ')}</w:moveFrom>{run('and ')}<w:moveTo>{run('there')}</w:moveTo>",
        "and there",
    ),
    (
        "17.5.2.31 sdt, inline",
        f"{run('Name: ')}<w:sdt><w:sdtPr/><w:sdtContent>{run('Ann')}</w:sdtContent></w:sdt>",
        "Name: Ann",
    ),
    ("an insertion within a form", form(f"<w:ins>{run('Ann')}</w:ins>"), "Ann"),
    ("17.5.1.9 smartTag", f'{run("In ")}<w:smartTag w:element="City">{run("Oslo")}</w:smartTag>', "In Oslo"),
    ("17.5.1.3 customXml", f'<w:customXml w:element="x">{run("Oslo")}</w:customXml>', "Oslo"),
    ("17.16.19 fldSimple", f'{run("Page ")}<w:fldSimple w:instr="PAGE">{run("7")}</w:fldSimple>', "Page 7"),
    ("17.16.18 fldChar: the result, not the instruction", FIELD, "May"),
    ("17.16.22 hyperlink", f'{run("See ")}<w:hyperlink w:anchor="a">{run("there")}</w:hyperlink>', "See there"),
    ("a link that was inserted", f'<w:ins><w:hyperlink w:anchor="a">{run("there")}</w:hyperlink></w:ins>', "there"),
    ("17.3.2.41 vanish", f"{run('Seen')}<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>", "Seen"),
    ("vanish taken back", '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>Seen</w:t></w:r>', "Seen"),
    ("17.3.3.18 noBreakHyphen", "<w:r><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t></w:r>", "a-b"),
    (
        "17.3.3.25 ruby",
        f"<w:r><w:ruby><w:rt>{run('a')}</w:rt><w:rubyBase>{run('漢')}</w:rubyBase></w:ruby></w:r>",
        "漢",
    ),
    ("22.1.2.77 oMath", "<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>", "a+b"),
    ("17.17.1 txbxContent, in both spellings", f"{run('Beside')}<w:r>{BOTH_SPELLINGS}</w:r>", "Beside\n\nIn a box"),
    ("a box of old programs", OLD_BOX, "In a box"),
    ("a box that was deleted", f"{run('x')}<w:del>{OLD_BOX}</w:del>", "x"),
]


@pytest.mark.parametrize(("source", "inner", "shown"), PARAGRAPHS)
def test_a_paragraph_says_what_it_shows(source: str, inner: str, shown: str) -> None:
    assert read(paragraph(inner)) == shown, source


def cell(text: str, says: str = "") -> str:
    return f"<w:tc><w:tcPr>{says}</w:tcPr>{paragraph(run(text) if text else '')}</w:tc>"


def row(*cells: str, says: str = "") -> str:
    return f"<w:tr><w:trPr>{says}</w:trPr>{''.join(cells)}</w:tr>"


AB, CD = row(cell("a"), cell("b")), row(cell("c"), cell("d"))
BEGINS, GOES_ON, WIDE = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'
HEAD = "| a | b |\n| --- | --- |"
TABLES = [
    ("17.5.2.30 sdt around a row", AB + form(CD), f"{HEAD}\n| c | d |"),
    ("17.5.2.32 sdt around a cell", AB + row(form(cell("c")), cell("d")), f"{HEAD}\n| c | d |"),
    ("17.13.5.12 del of a row", AB + row(cell("x"), cell("y"), says="<w:del/>"), HEAD),
    ("17.13.5.16 ins of a row", AB + row(cell("c"), cell("d"), says="<w:ins/>"), f"{HEAD}\n| c | d |"),
    (
        "17.4.84 vMerge: each row has what it shares",
        AB + row(cell("c", BEGINS), cell("d")) + row(cell("", GOES_ON), cell("e")),
        f"{HEAD}\n| c | d |\n| c | e |",
    ),
    (
        "17.4.17 gridSpan: columns stay below their heads",
        AB + row(cell("both", WIDE)) + CD,
        f"{HEAD}\n| both |  |\n| c | d |",
    ),
    (
        "a table within a cell",
        f"<w:tr><w:tc><w:tbl>{AB}</w:tbl>{paragraph(run('c'))}</w:tc></w:tr>",
        "| a b c |\n| --- |",
    ),
]


@pytest.mark.parametrize(("source", "rows", "shown"), TABLES)
def test_a_table_says_what_it_shows(source: str, rows: str, shown: str) -> None:
    assert read(f"<w:tbl>{rows}</w:tbl>") == shown, source


def test_forms_hold_paragraphs_and_tables() -> None:
    inner = f"{paragraph(run('One'))}<w:tbl>{AB}</w:tbl>"
    found = read(form(form(inner)))
    assert found == "One\n\n| a | b |\n| --- | --- |"


def test_notes_stand_below_with_their_marks() -> None:
    """17.11: footnotes and endnotes live in parts of their own, beside two that only draw lines."""
    line = f'<w:footnote w:type="separator" w:id="-1">{paragraph(run("---"))}</w:footnote>'
    note = f'<w:footnote w:id="2">{paragraph(run("Except on Sundays."))}</w:footnote>'
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    found = read(paragraph(run("Open daily") + mark), footnotes=f"<w:footnotes {NAMES}>{line}{note}</w:footnotes>")
    assert found == "Open daily [1]\n\n[1] Except on Sundays."


def test_headers_and_footers_once_and_comments_never() -> None:
    header = f"<w:hdr {NAMES}>{paragraph(run('Staff handbook'))}</w:hdr>"
    footer = f"<w:ftr {NAMES}>{paragraph(run('3 / 9'))}{paragraph(run('Version of May'))}</w:ftr>"
    comments = f'<w:comments {NAMES}><w:comment w:id="1">{paragraph(run("Really?"))}</w:comment></w:comments>'
    found = read(paragraph(run("Text")), header=header, footer=footer, comments=comments)
    assert found == "Staff handbook\n\nText\n\nVersion of May"


def test_deep_wrappings_end() -> None:
    deep = paragraph(run("deep"))
    for _ in range(60):
        deep = form(deep)
    assert read(deep + paragraph(run("Text"))).endswith("Text")
