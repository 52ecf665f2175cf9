"""A drawing is taken only where it shows something and does nothing."""

import pytest

from flowloom.services.formats.drawings import DRAWING, drawing_kind

SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def svg(inside: str, more: str = "") -> bytes:
    return f"<svg {SVG} {more}>{inside}</svg>".encode()


@pytest.mark.parametrize(
    "inside",
    [
        '<path d="M0 0L1 1" style="fill:#123456"/>',
        '<defs><clipPath id="a"><rect/></clipPath></defs><g clip-path="url(#a)"><use xlink:href="#a"/></g>',
        "<text>onload=alert(1) &lt;script&gt; 销售</text><!-- a comment -->",
        "<style>*{stroke-linejoin: round}</style>",
        '<metadata><x xmlns="http://purl.org/dc">said</x></metadata>',
    ],
)
def test_what_draws_is_taken(inside: str) -> None:
    assert drawing_kind(svg(inside)) == DRAWING


@pytest.mark.parametrize(
    "data",
    [
        svg("<script>alert(1)</script>"),
        svg("<metadata><script>alert(1)</script></metadata>"),
        svg('<metadata><script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script></metadata>'),
        svg("<path/>", 'onload="alert(1)"'),
        svg('<path OnClick="alert(1)"/>'),
        svg('<a xlink:href="javascript:alert(1)"><text>x</text></a>'),
        svg('<use xlink:href="https://evil.example/x.svg#a"/>'),
        svg('<use href="data:image/svg+xml,x"/>'),
        svg('<image href="https://evil.example/x.png"/>'),
        svg('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>'),
        svg('<path style="fill:url(https://evil.example/x)"/>'),
        svg("<style>@import 'https://evil.example/x.css'</style>"),
        svg("<style>*{fill:url(https://evil.example/x)}</style>"),
        svg("<animate/>"),
        svg("<set/>"),
        b'<?xml-stylesheet href="https://evil.example/x"?>' + svg("<path/>")[:-6] + b"<?php x?></svg>",
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + svg("<text>&x;</text>"),
        b'<!DOCTYPE svg [<!ENTITY x "red">]>' + svg('<path fill="&x;"/>'),
        b"<svg><path/></svg>",
        b"<html><svg/></html>",
        svg("<g>" * 100_000),
        svg("<path>"),
        b"\x89PNG <svg",
        b"",
    ],
)
def test_what_does_more_is_refused(data: bytes) -> None:
    assert drawing_kind(data) is None
