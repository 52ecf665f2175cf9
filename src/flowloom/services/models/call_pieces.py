"""Tool calls put together from their pieces, by whatever the server marks them with."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flowloom.services.models import wire

KNOWN = frozenset({"id", "index", "type", "function", "name", "arguments"})
NAMELESS = "unknown"
"""What a call without a name is called: the model is then told which tools there are."""


@dataclass(eq=False)
class Call:
    """One call; its arguments come as pieces of a JSON text, or as an object. `vendor` is what stands beside it."""

    id: str = ""
    vendor: dict[str, Any] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    _object: dict[str, Any] | None = None
    _depth: int = 0
    _in_text: bool = False
    _escaped: bool = False
    _begun: bool = False

    @property
    def is_begun(self) -> bool:
        """Whether anything of its arguments has come."""
        return self._begun or self._object is not None

    @property
    def is_whole(self) -> bool:
        """Whether its arguments have come to their end."""
        return self._object is not None or (self._begun and not self._depth and not self._in_text)

    def add_arguments(self, said: Any) -> int:
        """Take in a piece; how many characters it has."""
        if isinstance(said, Mapping):
            self._object = {**(self._object or {}), **said}
            return len(json.dumps(said, default=str))
        text = wire.scalar(said) if not isinstance(said, list) else json.dumps(said)
        self._texts.append(text)
        self._follow(text)
        return len(text)

    def _follow(self, text: str) -> None:
        for sign in text:
            if self._in_text:
                self._in_text = self._escaped or sign != '"'
                self._escaped = sign == "\\" and not self._escaped
            elif sign == '"':
                self._in_text = self._begun = True
            elif sign in "{[":
                self._depth, self._begun = self._depth + 1, True
            elif sign in "}]":
                self._depth = max(self._depth - 1, 0)

    @property
    def arguments(self) -> dict[str, Any] | None:
        """The arguments; None where they cannot be read as an object."""
        text = wire.whole("".join(self._texts)).strip()
        if self._object is not None:
            return self._object
        if text in ("", "null"):
            return {}
        found = wire.read_json(text)
        if isinstance(found, str):  # JSON written as a JSON text
            found = wire.read_json(found) if found.strip() else {}
        if found is None and text.startswith("{}"):  # some begin with an empty object, then send the true one
            found = wire.read_json(text[2:])
        return found if isinstance(found, dict) else None

    def name(self, known: Collection[str]) -> str:
        """Its name, which some servers repeat with each piece and some split."""
        if not self.names:
            return next(iter(known)) if len(known) == 1 else NAMELESS
        joined = "".join(self.names)
        tries = [joined, self.names[-1], self.names[0]]
        repeated = len(set(self.names)) == 1
        return next((name for name in tries if name in known), self.names[0] if repeated else joined)


class Calls:
    """The calls of one answer. `known` are the names of the tools that were offered."""

    def __init__(self, known: Collection[str] = ()) -> None:
        self._known = known
        self._calls: list[Call] = []
        self._by_index: dict[int, Call] = {}
        self._by_id: dict[str, Call] = {}

    def __iter__(self) -> Iterator[Call]:
        return (call for call in self._calls if call.names or call.is_begun)

    def add(self, pieces: Any) -> int:
        """Take in the `tool_calls` of a message or of one piece of it; how many characters they have."""
        length = 0
        taken: list[Call] = []
        for piece in wire.objects(pieces):
            call = self._call_of(piece, taken)
            taken.append(call)
            length += self._extend(call, piece)
        return length

    def add_old(self, said: Any) -> int:
        """Take in a `function_call`, as answers had it before there were `tool_calls`."""
        if not isinstance(said, Mapping) or not (said.get("name") or said.get("arguments")):
            return 0
        return self.add([{"index": -1, "function": said}])

    def _extend(self, call: Call, piece: Mapping[str, Any]) -> int:
        id = wire.label(piece.get("id"))
        if id:
            call.id = call.id or id
            self._by_id.setdefault(id, call)
        function = piece.get("function")
        function = function if isinstance(function, Mapping) else piece
        if name := wire.word(function.get("name")):
            call.names.append(name)
        for name, value in wire.extras(piece, KNOWN):
            call.vendor[name] = wire.merged(call.vendor.get(name), value)
        said = function.get("arguments")
        return call.add_arguments(said) + len(name or "") + 1 if said is not None else 1

    def _call_of(self, piece: Mapping[str, Any], taken: list[Call]) -> Call:
        """The call a piece belongs to, a new one where it begins one."""
        index, id = wire.count(piece.get("index")), wire.label(piece.get("id"))
        if piece.get("index") == -1:
            index = -1
        same = self._by_id.get(id) if id else None
        if same is not None:
            return same
        known = self._by_index.get(index) if index is not None else None
        last = known or (self._calls[-1] if self._calls else None)
        if last is None or self._begins(piece, last, known is not None, last in taken):
            last = Call()
            self._calls.append(last)
        if index is not None:
            self._by_index[index] = last
        return last

    def _begins(self, piece: Mapping[str, Any], last: Call, same_index: bool, beside: bool) -> bool:
        """Whether a piece begins another call rather than going on with the last one."""
        id = wire.label(piece.get("id"))
        function = piece.get("function")
        name = wire.word(function.get("name") if isinstance(function, Mapping) else piece.get("name"))
        if not name:
            return False  # only arguments: whatever its index and id say, they go on
        if same_index and not (id and last.id and id != last.id):
            return False
        if beside:
            return True  # two with names side by side in one message
        if not last.names:
            return False
        if last.is_begun:
            return last.is_whole or name not in last.names
        # Of the last one only a name has come: this is more of it, or it takes no arguments.
        return last.name(self._known) in self._known or bool(id and last.id)
