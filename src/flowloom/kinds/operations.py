"""One operation of a web service, as its specification describes it, and finding the right one among many."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from typing import Any, Literal

Place = Literal["path", "query", "header", "cookie", "body", "whole"]
"""Where a value goes; `whole` is the body itself, `body` one field of it."""
Style = Literal["form", "comma", "space", "pipe", "tab", "deep", "json", "label", "matrix"]
"""How a list or an object is written: `form` repeats the name, `deep` writes `name[key]`, `json` one JSON text."""
Body = Literal["", "json", "form", "multipart", "text", "files"]
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]
MAX_OPERATIONS = 1_000
RARE_TITLE = 3.0
"""How much more a word of the title counts than one of the description."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value an operation takes; `schema` is a JSON schema without references.

    With `explode` the fields of an object stand side by side, each with its own name; with `reserved` signs that
    have a meaning in addresses are sent as they are.
    """

    name: str
    place: Place = "query"
    required: bool = False
    about: str = ""
    schema: dict[str, Any] = field(default_factory=dict)
    style: Style = "form"
    explode: bool = False
    reserved: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """What it takes to call one operation. `security` names the ways to sign in that it accepts.

    `media` is the type its body is sent as, "" for the usual one of that kind of body.
    """

    id: str
    method: Method
    path: str
    server: str = ""
    summary: str = ""
    about: str = ""
    tag: str = ""
    parameters: tuple[Parameter, ...] = ()
    body: Body = ""
    security: tuple[str, ...] = ()
    media: str = ""

    @property
    def title(self) -> str:
        return self.summary or self.id

    @property
    def words(self) -> str:
        return " ".join((self.id.replace("_", " ").replace("-", " "), self.summary, self.path.replace("/", " ")))


class Finder:
    """Finds operations by words: those in few operations count more than those in many."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self._operations = operations
        self._weights = [_weights(operation) for operation in operations]
        self._seen = Counter(term for weights in self._weights for term in weights)

    def find(self, query: str, most: int = 10) -> list[Operation]:
        """The operations that fit best, best first; those that share no word are left out."""
        wanted = set(_terms(_split(query)))
        count = len(self._operations)
        rarity = {term: log(1 + count / self._seen[term]) for term in wanted if term in self._seen}
        scores = [
            sum(rarity[term] * weight for term, weight in weights.items() if term in rarity)
            for weights in self._weights
        ]
        ranked = sorted((at for at in range(count) if scores[at] > 0), key=lambda at: -scores[at])
        return [self._operations[at] for at in ranked[:most]]


def _weights(operation: Operation) -> Mapping[str, float]:
    weights = dict.fromkeys(_terms(f"{operation.about} {operation.tag} {operation.method}"), 1.0)
    return weights | dict.fromkeys(_terms(_split(operation.words)), RARE_TITLE)


def _terms(text: str) -> list[str]:
    # Its patterns take long to build, and most runs find no operation.
    from flowloom.words import terms

    return terms(text)


def _split(text: str) -> str:
    """The text with a space before each capital inside a word: listPets is two words."""
    return "".join(
        f" {letter}" if letter.isupper() and before.islower() else letter
        for before, letter in zip(f" {text}", text, strict=False)
    )
