"""A stream of server-sent events, as model servers send it: the JSON in each, and whether the stream was ended."""

from collections.abc import AsyncIterator
from typing import Any

from flowloom.services.models.wire import read_json

DONE = "[DONE]"


class Events:
    """The JSON values of a stream; `ended` says that its server said so. Lines without JSON are passed over."""

    def __init__(self) -> None:
        self.ended = False
        self._data: list[str] = []

    async def read(self, lines: AsyncIterator[str]) -> AsyncIterator[Any]:
        """The values in the order in which they come, up to `[DONE]`."""
        async for line in lines:
            for value in self._take(line.rstrip("\r\n")):
                yield value
            if self.ended:
                return
        for value in self._flush():
            yield value

    def _take(self, line: str) -> list[Any]:
        if not line:
            return self._flush()
        name, _, said = line.partition(":")
        if name.strip() != "data":
            # Some servers leave out `data:`, as in JSON by lines.
            return self._flush() + ([found] if line[0] == "{" and (found := read_json(line)) is not None else [])
        said = said.removeprefix(" ")
        if said.strip() == DONE:
            values = self._flush()
            self.ended = True
            return values
        # Some leave out the empty line between events, so a line that is whole stands for itself.
        if not self._data and (found := read_json(said)) is not None:
            return [found]
        self._data.append(said)
        return []

    def _flush(self) -> list[Any]:
        data, self._data = self._data, []
        if not data:
            return []
        together = read_json("\n".join(data))
        if together is not None:
            return [together]
        return [found for each in data if (found := read_json(each)) is not None]
