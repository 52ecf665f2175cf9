"""Names for the functions, inputs and constants of a program, made from what people called their blocks."""

import builtins
import keyword
import re
from unicodedata import normalize

RESERVED = frozenset({*dir(builtins), *keyword.kwlist, *keyword.softkwlist, "state", "self"})


def identifier(name: str, otherwise: str = "block") -> str:
    """A name as Python may call something: lower case, letters of every script, `_` for the rest."""
    plain = re.sub(r"\W+", "_", normalize("NFKC", name).casefold()).strip("_")[:40].rstrip("_")
    plain = normalize("NFKC", plain)
    if plain[:1].isdigit():
        plain = f"{otherwise}_{plain}"
    return plain if plain.isidentifier() else otherwise


class Names:
    """Names that are given once each."""

    def __init__(self, taken: frozenset[str] = frozenset()) -> None:
        self._taken = set(taken | RESERVED)

    def take(self, wanted: str) -> str:
        """The name, with a number where it is taken."""
        found, number = wanted, 1
        while found in self._taken:
            number += 1
            found = f"{wanted}_{number}"
        self._taken.add(found)
        return found
