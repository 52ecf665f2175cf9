"""Code within a line of Markdown: where a run of backticks ends that another of the same length began."""

import re
from bisect import bisect_right

TICKS = re.compile("`+")


class CodeSpans:
    """The runs of backticks of a text by their length, so that an end is found without reading the rest."""

    def __init__(self, text: str) -> None:
        self._length: dict[int, int] = {}
        self._starts: dict[int, list[int]] = {}
        for found in TICKS.finditer(text):
            length = found.end() - found.start()
            self._length[found.start()] = length
            self._starts.setdefault(length, []).append(found.start())

    def end_of(self, start: int) -> int | None:
        """Where the code ends whose backticks begin at `start`; None where none begins or it never ends."""
        length = self._length.get(start)
        if length is None:
            return None
        starts = self._starts[length]
        later = bisect_right(starts, start)
        return starts[later] + length if later < len(starts) else None
