"""Names people sign in with, and those that others see."""

import re
import unicodedata

from flowloom.people.problems import PeopleError

_NAME = re.compile(r"[\w.@+-]{2,100}")
LONGEST_SHOWN = 80


def sign_in_name(given: str) -> str:
    """The name as it is kept: the same however it is written. Raises PeopleError."""
    name = unicodedata.normalize("NFKC", given.strip()).casefold()
    if not _NAME.fullmatch(name):
        raise PeopleError(
            "This can’t be used to sign in.",
            "Use your email address, or a name of letters and digits without spaces.",
            code="people.name",
        )
    return name


def tried_name(given: str) -> str:
    """The same for somebody who tries to sign in: what is no name is nobody’s."""
    try:
        return sign_in_name(given)
    except PeopleError:
        return ""


def shown_name(given: str, name: str) -> str:
    """What others see: what was given, in one line, else the name itself."""
    plain = "".join(letter if letter.isprintable() else " " for letter in given)
    return " ".join(plain.split())[:LONGEST_SHOWN] or name.partition("@")[0]
