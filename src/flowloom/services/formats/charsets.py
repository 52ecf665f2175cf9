"""Encodings as pages and mails name them, read as browsers do: many names mean a larger one that holds them.

The labels and what they mean are those of the WHATWG Encoding Standard (section 4.2, “Names and labels”): what
calls itself gb2312 is GBK, iso-8859-1 is windows-1252, ks_c_5601 is cp949. How a page tells its own is section
13.2.3 of the HTML Standard.
"""

import codecs
import re
from collections.abc import Mapping

_FAMILIES: Mapping[str, str] = {
    "cp1252": "ansi_x3.4-1968 ascii us-ascii iso-8859-1 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 iso-ir-100 "
    "l1 latin1 latin-1 cp819 ibm819 windows-1252 cp1252 x-cp1252 unknown-8bit",
    "gb18030": "gb2312 gb_2312 gb_2312-80 gb2312-80 chinese csgb2312 csiso58gb231280 iso-ir-58 gbk x-gbk cp936 "
    "ms936 windows-936 gb18030 hz-gb-2312 euc-cn",
    "big5hkscs": "big5 big5-hkscs cn-big5 csbig5 x-x-big5 big-5 cp950",
    "cp949": "euc-kr euckr ks_c_5601-1987 ks_c_5601-1989 ks_c_5601 ksc5601 ksc_5601 korean cseuckr iso-ir-149 "
    "windows-949 uhc cp949",
    "cp932": "shift_jis shift-jis sjis x-sjis ms_kanji csshiftjis windows-31j ms932 cp932",
    "cp1254": "iso-8859-9 iso8859-9 iso_8859-9 latin5 l5 windows-1254 cp1254",
    "cp874": "iso-8859-11 iso8859-11 tis-620 dos-874 windows-874 cp874",
    "utf-8": "utf8 utf-8 unicode-1-1-utf-8 x-unicode20utf8 unicode20utf8 utf-8-sig",
    "utf-16-le": "utf-16 utf-16le unicode ucs-2 csunicode iso-10646-ucs-2 unicodefeff",
    "utf-16-be": "utf-16be unicodefffe",
    "iso8859-8": "iso-8859-8-i iso-8859-8-e csiso88598i logical",
    "mac_roman": "macintosh mac x-mac-roman csmacintosh",
}
_LABELS = {label: name for name, labels in _FAMILIES.items() for label in labels.split()}
_NO_TEXTS = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7"})
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_HEAD = 4_096
"""Bytes of a page in which it may name its encoding; browsers look at a quarter of that."""
_META = re.compile(rb"<meta\s[^<>]{0,500}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([\w.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s{0,20}<\?xml\s[^>]{0,200}?encoding\s{0,5}=\s{0,5}[\"']([\w.:-]{2,40})")
_WORST = 0.02
"""The share of broken characters from which on a name is not believed."""


def codec_of(label: str) -> str:
    """Python's name for the encoding a label means, "" for none that we know."""
    plain = label.strip().strip("\"'").lower()
    known = _LABELS.get(plain, plain)
    try:
        # Not every codec is one of texts that people write: “zip”, “idna” or “unicode_escape” are others.
        found = codecs.lookup(known).name
        return found if found not in _NO_TEXTS and isinstance("".encode(found), bytes) else ""
    except (LookupError, ValueError, TypeError):
        return ""


def named_within(data: bytes) -> str:
    """The encoding that a page names in its own head, "" where it names none."""
    found = _XML.search(data[:_HEAD]) or _META.search(data[:_HEAD])
    codec = codec_of(found[1].decode("ascii")) if found else ""
    # A name that could be read byte by byte cannot have been written in pairs of bytes (HTML, 13.2.3.2).
    return "utf-8" if codec.startswith("utf-16") else codec


def decode_named(data: bytes, label: str) -> str | None:
    """The text as its label says it, None where the label is unknown or does not hold."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    codec = codec_of(label)
    if not codec:
        return None
    # What calls itself Western and is valid UTF-8 beyond ASCII was put out by a tool that never looked.
    for attempt in ("utf-8", codec) if codec == "cp1252" else (codec,):
        try:
            return data.decode(attempt)
        except UnicodeError:
            continue
    text = data.decode(codec, "replace")
    return text if text.count("\ufffd") <= max(2, len(text) * _WORST) else None


def decode_page(data: bytes, label: str = "") -> str:
    """The text of a page: by its byte order mark, else as its server says, else as it says itself, else UTF-8."""
    for each in (label, named_within(data)):
        if each and (text := decode_named(data, each)) is not None:
            return text
    return decode_named(data, "utf-8") or data.decode("utf-8", "replace")
