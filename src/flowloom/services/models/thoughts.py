"""What a model thought on its way, told apart from what it answered.

Many servers leave thoughts in the text: between tags, with only the closing tag because their template wrote the
opening one, or as channels of OpenAI's harmony format. They are split off
here, once, wherever an answer is taken in.
"""

import re
from dataclasses import dataclass

from flowloom.kinds.services import Afresh
from flowloom.services.models.thought_tags import FIRST, LONGEST, Mark, may_become_tag, tag_at

LONGEST_HEADER = 200
LONGEST_RUN = 64
_NEXT = re.compile(rf"[{re.escape(FIRST)}`~\n]")


@dataclass(slots=True)
class _Code:
    """Code within the answer, in which tags are only quoted: `ticks` end it."""

    ticks: str
    fenced: bool
    opened: bool = False
    """Whether a tag was opened in it."""
    closed: tuple[int, int] | None = None
    """Where in the answer a closing tag without an opening one stands in it, from and to."""


class Splitter:
    """Takes a text in, in pieces of any length, and tells thoughts from answer.

    `add` and `end` give what of the answer may be shown now. What was shown before may turn out to be a thought,
    since only a closing tag tells: then they give `Afresh`, which takes the place of all shown so far. With `held`
    nothing is shown before that is clear. Tags within code stay text, and so do those in the middle of the answer
    where the person `asked` about them. Each character is read a bounded number of times.
    """

    def __init__(self, *, held: bool = False, asked: bool = False) -> None:
        self.closed_only = False
        """Whether a closing tag came of which nothing was the opening one."""
        self._held, self._asked = held, asked
        self._all: list[str] = []
        self._answer: list[str] = []
        self._length = self._shown = 0
        """Characters of the answer, and how many parts of it were shown."""
        self._retracted = False
        self._thoughts: list[str] = []
        self._thought: list[str] | None = None
        """The thought that is open."""
        self._opening = ""
        """The tag in the middle of a line that opened it, which is text if nothing closes it."""
        self._nested = 0
        """Opening tags that stood within thoughts and are still to be closed."""
        self._code: _Code | None = None
        self._header: str | None = None
        """Of a harmony channel, while it comes."""
        self._harmony = False
        self._spelled = False
        """Whether a tag stood in the answer as a word."""
        self._rest = ""
        self._at_line_start = True
        self._began = False
        """Whether the answer has more than space."""

    @property
    def answer(self) -> str:
        return "".join(self._answer)

    @property
    def thoughts(self) -> str:
        """All thoughts so far, without the space around them."""
        return "\n\n".join(filter(None, (each.strip() for each in self._thoughts)))

    def release(self) -> str:
        """The server tells thoughts from answer by itself: what was held may be shown."""
        self._held = False
        return self._fresh()

    def add(self, piece: str) -> str:
        """Take in a piece of the text; what may be shown now."""
        self._all.append(piece)
        self._read(self._rest + piece, ended=False)
        return self._fresh()

    def end(self, *, cut: bool = False) -> str:
        """The text has ended, `cut` where its length limit ended it; what is still to be shown."""
        self._read(self._rest, ended=True)
        if self._header is not None:
            header, self._header = self._header, None
            self._put(header)
        unclosed = self._thought is not None
        self._end_unclosed(cut)
        if self._code and self._code.fenced and self._code.closed:
            self._split_at(*self._code.closed)
        if self._asked and not unclosed and self._thoughts and not self.answer.strip():
            # All that came is what was asked for: an example of a thought.
            self._thoughts.clear()
            self._instead("".join(self._all))
        self._held, self._nested, self._began = False, 0, True
        return self._fresh()

    # -- what is shown

    def _fresh(self) -> str:
        if self._held or self._nested or not self._began:
            return Afresh("") if self._take_retracted() else ""
        made = "".join(self._answer[self._shown :])
        self._shown = len(self._answer)
        return Afresh(made) if self._take_retracted() else made

    def _take_retracted(self) -> bool:
        was, self._retracted = self._retracted, False
        return was

    def _instead(self, text: str) -> None:
        """Let this be the answer so far."""
        self._retracted = self._retracted or self._shown > 0
        self._answer, self._shown, self._length = [text] if text else [], 0, len(text)
        self._began, self._at_line_start = bool(text.strip()), not text
        self._code = None

    # -- reading

    def _read(self, text: str, *, ended: bool) -> None:
        at = 0
        while found := _NEXT.search(text, at):
            if found.start() > at:
                self._put(text[at : found.start()])
            at = found.start()
            used = self._sign(text, at, ended)
            if not used:
                self._rest = text[at:]
                return
            at += used
        self._put(text[at:])
        self._rest = ""

    def _sign(self, text: str, at: int, ended: bool) -> int:
        """Read the sign at this place; how many characters were read, 0 where more has to come first."""
        if text[at] in "`~":
            return self._ticks(text, at, ended)
        if text[at] == "\n":
            if self._code and not self._code.fenced:
                self._code = None
            self._put("\n")
            return 1
        tail = text[at : at + LONGEST]
        found = tag_at(tail)
        if found and self._mark(*found):
            return len(found[1])
        if not (found or ended) and len(text) - at < LONGEST and may_become_tag(tail):
            return 0
        self._put(found[1] if found else text[at])
        return len(found[1]) if found else 1

    def _ticks(self, text: str, at: int, ended: bool) -> int:
        end = at
        while end < len(text) and text[end] == text[at] and end - at < LONGEST_RUN:
            end += 1
        if end == len(text) and not ended and end - at < LONGEST_RUN:
            return 0
        if self._thought is None and self._header is None:
            self._turn_code(text[at:end])
        self._put(text[at:end])
        return end - at

    def _turn_code(self, ticks: str) -> None:
        code = self._code
        if code is None:
            fenced = len(ticks) >= 3 and self._at_line_start
            if fenced or ticks[0] == "`":
                self._code = _Code(ticks, fenced)
        elif code.fenced:
            if self._at_line_start and ticks.startswith(code.ticks):
                self._code = None
        elif ticks == code.ticks:
            self._code = None

    def _put(self, text: str) -> None:
        if self._header is not None:
            self._header += text
            if len(self._header) <= LONGEST_HEADER:
                return
            text, self._header = self._header, None
        if self._thought is not None:
            self._thought.append(text)
            return
        if not self._began:
            if self._thoughts:
                text = text.lstrip()  # the space between a thought and the answer
            self._began = bool(text.strip())
        if text:
            self._answer.append(text)
            self._length += len(text)
            _, _, line = text.rpartition("\n")
            self._at_line_start = not line.strip() and (len(line) < len(text) or self._at_line_start)

    # -- tags

    def _mark(self, mark: Mark, tag: str) -> bool:
        """Act on a tag; whether it is one here, and not only text."""
        match mark:
            case "header" | "message" | "end":
                return self._channel(mark, tag)
            case _ if self._header is not None:
                return False
            case "open" if self._thought is not None:
                self._nested += 1
                return False
            case "close" if self._thought is not None:
                self._close()
                return True
        if self._code:
            self._quote(self._code, mark, tag)
            return False
        if self._asked and self._began and not (self._held and mark == "close" and not self._spelled):
            self._spelled = True
            return False
        if mark == "open":
            self._open(tag if self._began and not self._at_line_start else "")
        else:
            self._all_was_thought()
        return True

    def _quote(self, code: _Code, mark: Mark, tag: str) -> None:
        if mark == "open":
            code.opened = True
        elif not code.opened and code.closed is None:
            code.closed = (self._length, self._length + len(tag))

    def _open(self, opening: str = "") -> None:
        if not self._began:
            self._answer, self._length = [], 0  # the space before it
        self._thought, self._opening = [], opening

    def _close(self) -> None:
        assert self._thought is not None
        self._thoughts.append("".join(self._thought))
        self._thought, self._opening = None, ""
        self._at_line_start = True

    def _all_was_thought(self) -> None:
        """A closing tag that nothing opened: the prompt did, so all before it is thought."""
        self.closed_only = self.closed_only or not self._nested
        self._nested = max(self._nested - 1, 0)
        self._held = False
        self._thoughts.append(self.answer)
        self._instead("")

    def _end_unclosed(self, cut: bool) -> None:
        """What is open at the end is a thought that was cut off, or only a word in the middle of a line."""
        if self._thought is None:
            return
        said, opening = "".join(self._thought), self._opening
        if opening and not cut:
            self._thought = None
            self._put(opening + said)
        else:
            self._close()

    def _split_at(self, start: int, end: int) -> None:
        """A fence that never ended was one within a thought, and the closing tag in it a real one."""
        whole = self.answer
        self.closed_only = True
        self._thoughts.append(whole[:start])
        self._instead(whole[end:].lstrip())

    def _channel(self, mark: Mark, tag: str) -> bool:
        """Harmony: `<|channel|>analysis<|message|>…<|end|>`, and `final` for the answer."""
        if (self._code or self._asked) and not self._harmony and self._began:
            return False
        if self._thought is not None and not self._harmony:
            return False
        if mark == "message" and self._header is None:
            return False
        if mark == "end" and not self._harmony:
            return False
        if self._thought is not None:
            self._close()
        if mark == "header":
            self._header = (self._header or "") + tag
        elif mark == "message":
            header, self._header, self._harmony = self._header or "", None, True
            if self.answer.strip():
                before = self.answer.strip()
                self._thoughts += [] if before == "assistant" else [before]
            self._instead("")
            self._nested = 0
            if "final" not in header:
                self._open()
        return True


def split(text: str, *, asked: bool = False, cut: bool = False) -> tuple[str, str]:
    """The answer and the thoughts in a whole text."""
    splitter = Splitter(asked=asked)
    splitter.add(text)
    splitter.end(cut=cut)
    return splitter.answer, splitter.thoughts
