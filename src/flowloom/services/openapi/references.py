"""References within a specification, followed when they are needed; what goes round or nowhere is cut off."""

from typing import Any
from urllib.parse import unquote

from flowloom.errors import Problem
from flowloom.services.openapi.document import Document, text_of

MAX_CHAIN = 30
MAX_PROBLEMS = 20
_NOWHERE = object()


class References:
    """Follows the references of one document and remembers what was wrong with them."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known: dict[str, Any] = {}
        self.counts_beside = "swagger" not in document and not str(document.get("openapi", "")).startswith("3.0")
        self.problems: dict[str, Problem] = {}

    def resolve(self, value: Any) -> Document:
        """What a value is, its reference followed; an empty mapping where it leads nowhere."""
        for _ in range(MAX_CHAIN):
            if not isinstance(value, dict):
                return {}
            reference = value.get("$ref")
            if not isinstance(reference, str):
                return value
            value = self._at(reference)
        self._note(
            Problem.of(
                "openapi.circle",
                "A reference leads only to itself.",
                "Everything that refers to it accepts any value.",
            )
        )
        return {}

    def target(self, value: Document) -> Document:
        """What a schema is: itself where something beside its reference counts, else what that leads to.

        Beside `$ref` nothing counts up to OpenAPI 3.0 (3.0.3, “Reference Object”); since 3.1, which follows JSON
        Schema 2020-12 (section 8.2.3.1), a reference is one keyword among others.
        """
        return value if self.counts_beside and len(value) > 1 and "$ref" in value else self.resolve(value)

    def _at(self, reference: str) -> Any:
        if reference not in self._known:
            self._known[reference] = self._look_up(reference)
        return self._known[reference]

    def _look_up(self, reference: str) -> Any:
        if not reference.startswith("#"):
            self._note(
                Problem.of(
                    "openapi.remote",
                    "“{reference}” is in another file, which isn’t read.",
                    "Ask for the specification as one file, where that part matters.",
                    reference=text_of(reference, 120),
                )
            )
            return {}
        found: Any = self._document
        for step in reference.removeprefix("#").lstrip("/").split("/"):
            name = unquote(step).replace("~1", "/").replace("~0", "~")
            found = _step(found, name)
            if found is _NOWHERE:
                self._note(
                    Problem.of(
                        "openapi.missing",
                        "The specification refers to “{reference}”, but doesn’t contain it.",
                        "Everything that refers to it accepts any value.",
                        reference=text_of(reference, 120),
                    )
                )
                return {}
        return found

    def _note(self, problem: Problem) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.setdefault(f"{problem.code} {problem.params}", problem.as_warning())


def _step(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return value.get(name, _NOWHERE)
    if isinstance(value, list) and name.isdecimal() and len(name) < 6 and int(name) < len(value):
        return value[int(name)]
    return _NOWHERE
