"""Finds what tells who somebody is: addresses, numbers of phones, accounts and cards, and words of one's own."""

import re
from collections.abc import Callable, Iterable, Iterator
from ipaddress import ip_address
from typing import NamedTuple


class Found(NamedTuple):
    """One piece of personal data and where it stands."""

    kind: str
    start: int
    end: int


# Letters are written out, as \w takes in Chinese, which stands beside a number without a space.
_LATIN = "A-Za-z0-9_\u00c0-\u024f"
EMAIL = re.compile(rf"(?<![{_LATIN}.+-])[{_LATIN}.+-]{{1,64}}@(?:[{_LATIN}-]{{1,63}}\.){{1,8}}[{_LATIN}-]{{2,63}}")
IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?:[ \u00a0\u202f-]?[A-Za-z0-9]){11,30}")
CARD = re.compile(r"(?<![0-9])[0-9](?:[ \u00a0-]?[0-9]){12,18}(?![0-9])")
IP = re.compile(
    rf"(?<![{_LATIN}.])[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}}(?![{_LATIN}]|\.[0-9])"
    rf"|(?<![{_LATIN}:])[0-9A-Fa-f]{{0,4}}(?::[0-9A-Fa-f]{{0,4}}){{2,7}}(?![{_LATIN}:])"
)
_GAP = r"[ \u00a0\u202f.()/-]{0,3}"
PHONE = re.compile(
    # With a country, or a leading 0; not in the midst of a longer number.
    rf"(?<![{_LATIN}.+])(?<![0-9][ -])(?:\+|00|\(?0){_GAP}[1-9](?:{_GAP}[0-9]){{6,13}}(?![{_LATIN}])"
    # North America.
    rf"|(?<![{_LATIN}.+])\(?[2-9][0-9]{{2}}\)?[ .-][0-9]{{3}}[ .-][0-9]{{4}}(?![{_LATIN}])"
    # China, mobile.
    rf"|(?<![{_LATIN}.+])1[3-9][0-9][ -]?[0-9]{{4}}[ -]?[0-9]{{4}}(?![{_LATIN}])"
)
_DATE = re.compile(r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}")

_IBAN_LENGTHS = dict(
    pair.split(":")
    for pair in (
        "AD:24 AE:23 AL:28 AT:20 AZ:28 BA:20 BE:16 BG:22 BH:22 BR:29 BY:28 CH:21 CR:22 CY:28 CZ:24 DE:22 DK:18 "
        "DO:28 EE:20 EG:29 ES:24 FI:18 FO:18 FR:27 GB:22 GE:22 GI:23 GL:18 GR:27 GT:28 HR:21 HU:28 IE:22 IL:23 "
        "IQ:23 IS:26 IT:27 JO:30 KW:30 KZ:20 LB:28 LC:32 LI:21 LT:20 LU:20 LV:21 LY:25 MC:27 MD:24 ME:22 MK:19 "
        "MR:27 MT:31 MU:30 NL:18 NO:15 PK:24 PL:28 PS:29 PT:25 QA:29 RO:24 RS:22 SA:24 SC:31 SE:24 SI:19 SK:24 "
        "SM:27 ST:25 SV:28 TL:23 TN:24 TR:26 UA:29 VA:22 VG:24 XK:20"
    ).split()
)


def find_personal(text: str, kinds: Iterable[str], words: Iterable[str] = ()) -> list[Found]:
    """What there is of these kinds, in reading order; where two would overlap, the surer kind counts."""
    taken: list[Found] = []
    wanted = set(kinds)
    for kind, find in FINDERS.items():
        if kind in wanted:
            taken += _free(taken, (Found(kind, *place) for place in find(text)))
    taken += _free(taken, (Found("word", *place) for place in find_words(text, words)))
    return sorted(taken, key=lambda found: found.start)


def _free(taken: list[Found], found: Iterable[Found]) -> list[Found]:
    """Those that touch nothing taken before."""
    marked = bytearray(max((each.end for each in taken), default=0))
    for each in taken:
        marked[each.start : each.end] = b"\1" * (each.end - each.start)
    return [each for each in found if not any(marked[each.start : each.end])]


def find_words(text: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where these words stand, whole and in any case; the longest of those that begin alike."""
    wanted = sorted({word.strip() for word in words if word.strip()}, key=len, reverse=True)
    if not wanted:
        return
    pattern = "|".join(_whole(word) for word in wanted)
    for match in re.finditer(pattern, text, re.IGNORECASE):
        yield match.span()


def _whole(word: str) -> str:
    # Chinese has no spaces between words, so there any place will do.
    before = r"(?<!\w)" if word[0].isalnum() and word[0] < "\u3040" else ""
    after = r"(?!\w)" if word[-1].isalnum() and word[-1] < "\u3040" else ""
    return before + re.escape(word) + after


def _spans(pattern: re.Pattern[str], holds: Callable[[str], bool]) -> Callable[[str], Iterator[tuple[int, int]]]:
    return lambda text: (match.span() for match in pattern.finditer(text) if holds(match[0]))


def is_card(number: str) -> bool:
    """Whether the check digit of a card number fits (Luhn)."""
    digits = [int(sign) for sign in reversed(number) if sign.isdigit()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[1::2]]
    return len(set(digits)) > 1 and (sum(digits[::2]) + sum(doubled)) % 10 == 0


def is_iban(account: str) -> bool:
    """Whether its length and check digits fit (ISO 13616)."""
    account = "".join(sign for sign in account if sign.isalnum()).upper()
    if len(account) != int(_IBAN_LENGTHS.get(account[:2], 0)):
        return False
    return int("".join(str(int(sign, 36)) for sign in account[4:] + account[:4])) % 97 == 1


def _find_ibans(text: str) -> Iterator[tuple[int, int]]:
    """An account's number may run on into the next word, so it is cut at its country's length."""
    for match in IBAN.finditer(text):
        length = int(_IBAN_LENGTHS.get(match[0][:2].upper(), 0))
        places = [at for at, sign in enumerate(match[0]) if sign.isalnum()][:length]
        if len(places) == length > 0 and is_iban(match[0][: places[-1] + 1]):
            yield match.start(), match.start() + places[-1] + 1


def is_ip(address: str) -> bool:
    try:
        ip_address(address)
    except ValueError:
        return False
    return any(sign.isalnum() for sign in address)


def is_phone(number: str) -> bool:
    return not _DATE.fullmatch(number) and sum(sign.isdigit() for sign in number) <= 15


FINDERS: dict[str, Callable[[str], Iterator[tuple[int, int]]]] = {
    "email": _spans(EMAIL, lambda found: True),
    "iban": _find_ibans,
    "card": _spans(CARD, is_card),
    "ip": _spans(IP, is_ip),
    "phone": _spans(PHONE, is_phone),
}
