"""Mails as programs really write them: loose names of encodings, blank parts, mails within mails."""

from email.message import EmailMessage

import pytest

from flowloom.services.formats.charsets import codec_of, decode_page
from flowloom.services.knowledge.loaders import read_document

HEAD = b"From: Ann <ann@example.com>\r\nTo: bob@example.com\r\nSubject: Plan\r\n"


def said(data: bytes) -> str:
    """What a mail says below its heads."""
    return read_document("a.eml", data).text.partition("\n\n")[2].strip()


def single(body: bytes, kind: str, encoding: str = "8bit") -> bytes:
    return HEAD + f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body


def several(kind: str, *parts: bytes) -> bytes:
    body = b"".join(b"--X\r\n" + part + b"\r\n" for part in parts)
    return (
        HEAD
        + f"MIME-Version: 1.0\r\nContent-Type: multipart/{kind}; boundary=X\r\n\r\n".encode()
        + body
        + b"--X--\r\n"
    )


def part(text: str, kind: str = "text/plain; charset=utf-8", says: str = "") -> bytes:
    return f"Content-Type: {kind}\r\n{says}\r\n{text}".encode()


# WHATWG Encoding Standard, 4.2: the label and what it means.
LABELS = [
    ("gb2312", "镕", "gbk"),  # not in GB 2312
    ("iso-8859-1", "“10 €”", "cp1252"),
    ("us-ascii", "café", "cp1252"),
    ("ks_c_5601-1987", "똠방", "cp949"),
    ("shift_jis", "①髙", "cp932"),
    ("big5", "㗎", "big5hkscs"),
    ("iso-8859-9", "İş €", "cp1254"),
    ("x-unknown-9", "déjà", "utf-8"),
    ("iso-8859-1", "déjà", "utf-8"),  # what never looked
    ("windows-1252", "déjà", "cp1252"),
    ("zip", "déjà", "utf-8"),
    ("idna", "déjà", "utf-8"),
]


@pytest.mark.parametrize(("label", "text", "codec"), LABELS)
def test_loose_names_of_encodings(label: str, text: str, codec: str) -> None:
    assert said(single(text.encode(codec), f'text/plain; charset="{label}"')) == text
    page = f'<html><head><meta charset="{label}"></head><body><p>{text}</p></body></html>'.encode(codec)
    assert text in decode_page(page)
    assert text in read_document("a.html", page).text
    assert decode_page(text.encode(codec), label) == text


PAGES = [
    ('<meta http-equiv="Content-Type" content="text/html; charset=gb2312"><p>镕</p>'.encode("gbk"), "", "镕"),
    ("<?xml version='1.0' encoding='windows-1251'?><p>Привет</p>".encode("cp1251"), "", "Привет"),
    ('<meta charset="utf-16"><p>é</p>'.encode(), "", "é"),  # HTML 13.2.3.2: cannot be
    ('<meta charset="windows-1251"><p>Привет</p>'.encode("koi8-r"), "koi8-r", "Привет"),  # the server comes first
    ("\ufeff<p>é</p>".encode(), "iso-8859-1", "é"),  # a mark comes before both
    ("\ufeff<p>é</p>".encode("utf-16-le"), "", "é"),
]


@pytest.mark.parametrize(("page", "label", "shown"), PAGES)
def test_how_a_page_tells_its_encoding(page: bytes, label: str, shown: str) -> None:
    assert shown in decode_page(page, label)


@pytest.mark.parametrize("label", ["", "zip", "rot13", "idna", "undefined", "utf-7", "x" * 5_000, "\0"])
def test_no_name_of_an_encoding_is_one_of_something_else(label: str) -> None:
    assert codec_of(label) == ""


def test_a_header_in_a_loosely_named_encoding() -> None:
    head = b"From: =?gb2312?B?" + __import__("base64").b64encode("朱镕基".encode("gbk")) + b"?= <z@example.com>\r\n"
    found = read_document("a.eml", head + b"Subject: =?x-none?Q?a=E9?= b\r\n\r\nHi").text
    assert "朱镕基 <z@example.com>" in found
    assert "aé b" in found


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "cp1252"])
def test_a_header_that_names_no_encoding(codec: str) -> None:
    subject = "会议安排和时间" if codec == "gb18030" else "Réunion à midi"
    found = read_document("a.eml", b"From: a@b.c\r\nSubject: " + subject.encode(codec) + b"\r\n\r\nHi")
    assert found.title == subject


LONG = "<p>The meeting moves to Tuesday at ten, in the large room on the second floor. Bring the plans.</p>"
ALTERNATIVES = [
    ("a plain part that is blank", part(" \r\n \r\n"), part(LONG, "text/html"), "Tuesday"),
    ("one that only points", part("Your program cannot show HTML."), part(LONG, "text/html"), "Tuesday"),
    ("one that says it all", part("See you then.\r\n"), part("<p>See you then.</p>", "text/html"), "See you then."),
    ("an HTML part without a charset", part(""), part("<p>Réunion à midi.</p>", "text/html"), "Réunion"),
]


@pytest.mark.parametrize(("case", "plain", "html", "shown"), ALTERNATIVES)
def test_the_best_of_alternatives(case: str, plain: bytes, html: bytes, shown: str) -> None:
    found = said(several("alternative", plain, html))
    assert shown in found, case
    assert "cannot show" not in found


def test_text_goes_on_after_a_picture() -> None:
    picture = part(
        "AAAA", "image/png", "Content-Disposition: inline; filename=a.png\r\nContent-Transfer-Encoding: base64\r\n"
    )
    found = said(several("mixed", part("Before."), picture, part("After.")))
    assert found.split() == ["Before.", "After."]


def test_a_forwarded_mail_is_read_with_its_heads() -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "carl@example.com", "The first one"
    inner.set_content("Twelve chairs, please.")
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "ann@example.com", "Fwd: The first one"
    outer.set_content("See below.")
    outer.add_attachment(inner)
    text = read_document("a.eml", bytes(outer)).text
    assert [text.index(each) for each in ("See below.", "## The first one", "carl@", "Twelve chairs")] == sorted(
        text.index(each) for each in ("See below.", "## The first one", "carl@", "Twelve chairs")
    )


def test_a_text_that_was_attached_is_named_and_not_said() -> None:
    attached = part("Secret notes", says="Content-Disposition: attachment; filename=notes.txt\r\n")
    found = read_document("a.eml", several("mixed", part("Hello"), attached)).text
    assert "Attachments: notes.txt" in found
    assert "Secret" not in found


FLOWED = [
    # RFC 3676, 4.1 to 4.5.
    ("", "one \r\ntwo\r\nthree", "one two\nthree"),
    ("; delsp=yes", "日本 \r\n語", "日本語"),
    ("", " >not a quote \r\nbut text", ">not a quote but text"),
    ("", "> said \r\n> so\r\nno", "> said so\nno"),
    ("", "> said \r\nno", "> said\nno"),
    ("", "end\r\n-- \r\nAnn", "end\n--\nAnn"),
]


@pytest.mark.parametrize(("says", "body", "shown"), FLOWED)
def test_lines_broken_for_a_screen_are_one(says: str, body: str, shown: str) -> None:
    assert said(single(body.encode(), f"text/plain; charset=utf-8; format=flowed{says}")) == shown


def test_deep_nests_end() -> None:
    inner = part("core")
    for at in range(60):
        head = f"Content-Type: multipart/mixed; boundary=B{at}\r\n\r\n--B{at}\r\n".encode()
        inner = head + inner + f"\r\n--B{at}--\r\n".encode()
    assert read_document("a.eml", HEAD + inner).title == "Plan"
