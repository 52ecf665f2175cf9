"""Mask personal data: what is found, what is left alone, and that nothing of it travels on."""

import time

import pytest

from tests.nodes.conftest import World

FOUND = [
    ("mail", "Write to ada.l+x@mail.example.org.", "Write to [email address 1]."),
    ("mail, Chinese around it", "邮箱wang@example.cn谢谢", "邮箱[email address 1]谢谢"),
    ("iban", "IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFF", "IBAN [bank account 1] BIC COBADEFF"),
    ("iban, small letters", "gb29nwbk60161331926819", "[bank account 1]"),
    ("iban, French", "FR14 2004 1010 0505 0001 3M02 606", "[bank account 1]"),
    ("iban, wrong digits", "DE88 3704 0044 0532 0130 00", None),
    ("card", "Card 4111 1111 1111 1111, valid", "Card [card number 1], valid"),
    ("card, dashes", "5500-0055-5555-5559", "[card number 1]"),
    ("card, wrong digit", "4111 1111 1111 1112", None),
    ("card, zeros", "0000 0000 0000 0000", None),
    ("phone, international", "Call +44 20 7946 0958 now", "Call [phone number 1] now"),
    ("phone, French", "Tél. 06 12 34 56 78", "Tél. [phone number 1]"),
    ("phone, North America", "(555) 123-4567 or 555-123-4568", "[phone number 1] or [phone number 2]"),
    ("phone, Chinese", "电话13812345678。", "电话[phone number 1]。"),
    ("phone, Chinese apart", "电话：138 1234 5678", "电话：[phone number 1]"),
    ("phone, German", "(030) 901820-12", "[phone number 1]"),
    ("ip and port", "from 192.0.2.7:80", "from [IP address 1]:80"),
    ("ip 4", "from 192.0.2.7, twice", "from [IP address 1], twice"),
    ("ip 6", "from 2001:db8::1 and ::1", "from [IP address 1] and [IP address 2]"),
    ("ip, none", "1.2.3.400 12:30:45 ::", None),
    ("dates and figures", "2026-12-24, 24.12.2026, 01/02/2026, order 1042, 1,200.50 euros, 12345678", None),
    ("same twice", "a@b.org and A@B.org", "[email address 1] and [email address 1]"),
    ("nothing", "Hello there", None),
    ("empty", "", None),
]


@pytest.mark.parametrize(("text", "masked"), [case[1:] for case in FOUND], ids=[case[0] for case in FOUND])
def test_finds(world: World, text: str, masked: str | None) -> None:
    outputs = world.run("mask", text=text)
    if masked is None:
        assert outputs == {"passed": text, "found": []}
    else:
        assert outputs["masked"] == masked
        assert "passed" not in outputs


def test_what_was_found_is_told_without_itself(world: World) -> None:
    outputs = world.run("mask", text="ada@example.org, ada@example.org, 192.0.2.7")
    assert outputs["found"] == [
        {"kind": "email address", "mask": "[email address 1]", "count": 2},
        {"kind": "IP address", "mask": "[IP address 1]", "count": 1},
    ]


@pytest.mark.parametrize(
    ("words", "text", "masked"),
    [
        ("Ada\nAda Lovelace", "ada lovelace met Ada, not Adam", "[hidden word 1] met [hidden word 2], not Adam"),
        ("王芳", "我叫王芳，", "我叫[hidden word 1]，"),
        (".*\n\n  ", "a .* b", "a [hidden word 1] b"),
        ("C++", "C++ and C", "[hidden word 1] and C"),
    ],
)
def test_words_of_ones_own(world: World, words: str, text: str, masked: str) -> None:
    assert world.run("mask", {"words": words}, text=text)["masked"] == masked


def test_a_kind_that_is_off_stays(world: World) -> None:
    assert world.run("mask", {"email": False}, text="ada@example.org")["passed"] == "ada@example.org"


def test_labels_speak_the_language(world: World) -> None:
    world.language = "fr"
    assert world.run("mask", text="ada@example.org")["masked"] == "[adresse e-mail 1]"


@pytest.mark.parametrize("piece", ["a", "1", "a@", "1 ", "0.", ":", "DE12", "+", "a.b@c.", "٣"])
def test_long_hostile_texts_take_no_time(world: World, piece: str) -> None:
    started = time.perf_counter()
    world.run("mask", {"words": "aaaa"}, text=piece * (200_000 // len(piece)))
    assert time.perf_counter() - started < 3
