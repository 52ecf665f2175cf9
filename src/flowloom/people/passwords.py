"""Passwords: which are good enough, and how they are kept."""

from functools import cache
from itertools import pairwise
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from flowloom.people.problems import PeopleError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 10, 200
"""Characters."""
AT_ONCE = 4
"""How many are looked at at the same time: each takes 64 MB for a moment."""
COMMON = frozenset(
    {
        *("password", "passwort", "motdepasse", "flowloom", "administrator", "qwertyuiop", "azertyuiop"),
        *("iloveyou", "letmein", "welcome", "changeme", "trustno", "football", "princess", "sunshine", "whatever"),
    }
)
"""What people choose first, and so do those who try."""
_turns = BoundedSemaphore(AT_ONCE)


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # only a team needs it

    return PasswordHasher()


@cache
def _nobodys() -> str:
    """The hash of no password, to be compared where there is no account."""
    return _hasher().hash("nobody has this one")


def check_password(password: str, name: str) -> None:
    """Raises PeopleError where somebody could guess it."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise PeopleError(
            "The password needs {least} to {most} characters.",
            "Several words in a row are easy to remember and hard to guess.",
            code="people.password",
            least=SHORTEST,
            most=LONGEST,
        )
    plain = "".join(letter for letter in password.casefold() if letter.isalpha())
    near_name = len(name) > 3 and name.partition("@")[0].casefold() in password.casefold() and len(password) < 16
    if plain in COMMON or len(set(password)) < 4 or near_name or _is_row(password):
        raise PeopleError(
            "This password is easy to guess.",
            "Several words in a row are easy to remember and hard to guess.",
            code="people.password",
        )


def _is_row(password: str) -> bool:
    """Whether each character follows the one before, as in 1234567890."""
    steps = {ord(second) - ord(first) for first, second in pairwise(password)}
    return len(steps - {-9, 9}) == 1 and abs((steps - {-9, 9}).pop()) == 1


def hash_password(password: str) -> str:
    """What is kept of a password."""
    with _turns:
        return _hasher().hash(password)


def fits(password: str, kept: str) -> bool:
    """Whether this is the password; takes as long where nothing is kept, and is not it then."""
    from argon2.exceptions import InvalidHashError, VerificationError

    with _turns:
        try:
            right = _hasher().verify(kept or _nobodys(), password[: LONGEST + 1])
        except (VerificationError, InvalidHashError):
            return False
    return bool(right and kept)


def is_outdated(kept: str) -> bool:
    """Whether it was made by an earlier, weaker way."""
    return _hasher().check_needs_rehash(kept)
