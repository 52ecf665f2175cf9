"""A model's text as Streamlit shows it well: maths set, money left alone, and no picture fetched by itself."""

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from urllib.parse import urlsplit

from flowloom.run.reading.code_spans import CodeSpans
from flowloom.ui.chat.markdown_lines import QUOTES, parts_of, unquoted
from flowloom.ui.chat.markdown_links import bare_link, inner_link, target_of

Lead = Callable[[str], str]
"""The address that stands in the place of one a text leads to."""

JOINER = "\u2060"
"""Takes no room; between a colon and a name it keeps the name from being replaced by a picture."""
CURSOR = "▌"

DEFINITION = re.compile(
    r" {0,3}\[([^\]\n]+)\]:[ \t]*<?([^\s<>!\[]+)>?[ \t]*+(?:(?:\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+)?$"
)

ATTRIBUTE = r"""\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^'\n]*'|"[^"\n]*"))?"""
TOKEN = re.compile(
    rf"""
    (?P<formula>\\\((?P<inline>(?:(?!\\\().)+?)\\\) | \\\[(?P<display>(?:(?!\\\[).)+?)\\\])
  | (?P<escape>\\[!-/;-@\[-`{{-~])
  | (?P<code>`+)
  | (?P<tag><[A-Za-z][A-Za-z0-9+.-]{{1,31}}:[^\s<>]*> |
      <[A-Za-z][A-Za-z0-9-]*(?:{ATTRIBUTE})*\s*/?> | </[A-Za-z][\w-]*\s*>)
  | (?P<address>(?i:https?://|www\.)[^\s<>\[\]!$`]+)
  | (?P<bracket>!?\[)
  | (?P<dollars>\$+)
  | (?P<colons>(?:\\?:)+)
    """,
    re.VERBOSE | re.DOTALL,
)
SINGLE = re.compile(r"\$(?![\s$])((?:\\.|[^\\$`])*?(?:\\.|[^\\$`\s]))\$(?![\d$])", re.DOTALL)
"""A formula between single dollars, by Pandoc's rule."""
MONEY = re.compile(r"\d[\d.,]*\s+[^\W\d_]{2,}[^\\^_=]*$")
NAME_OF_PICTURE = re.compile(r"material/|(?:(?=[\w-]*[^\W\d])[\w-]+|\+1|-1|100|1234):")
TARGET = re.compile(
    r"""\(\s*+(?:<([^<>\n]*+)>|((?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*+\))*+))(?:\s++(?:"[^"]*+"|'[^']*+'|\([^()]*+\)))?+\s*+\)"""
)
BRACKETS = re.compile(r"\\.|`+|[\[\]]", re.DOTALL)
MARKERS = re.compile(r"\s*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*+")
REST_OF_LINE = re.compile(r"[^\S\n]*+[^\s]")
LETTER = re.compile(r"[^\W\d_]")
DOLLARS = re.compile(r"\$+")
SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+!|~$:])")
LONGEST_LINK = 10_000
"""What stands in more than that between brackets is text in brackets, and no link."""
DEEPEST_LINK = 5
"""Links within links; deeper ones are brackets, as no page has them."""
LONGEST_LEAD = 1_000
"""How far back a line is read for the quotes and marks it begins with."""
NAMED = re.compile(r"\[([^\[\]]*)\]")
HOST = re.compile(r"(?<![\w-])(?<![\w-]\.)(?:https?://|www\.)?((?:[\w-]++\.)+[^\W\d_]{2,})", re.IGNORECASE)


def markdown_of(text: str, picture: str = "Picture", lead: Lead | None = None) -> str:
    """The text for `st.markdown`; `picture` is what a link in the place of a picture begins with.

    With `lead`, every link goes where that says.
    """
    return _turned(text, picture, lead, [])


def pictures_of(text: str) -> list[tuple[str, str]]:
    """What each picture of another computer shows, as its text says, and its address; the same ones as above."""
    seen: list[tuple[str, str]] = []
    _turned(text, "", target_of, seen)
    return seen


def _turned(text: str, picture: str, lead: Lead | None, seen: list[tuple[str, str]]) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    known = {_label(found[1]): found[2] for line in lines if (found := DEFINITION.match(line))}
    parts = []
    for part in parts_of(lines):
        body = "\n".join(part.lines)
        parts.append(body if part.is_code else _Stretch(body, known, picture, lead, seen).said())
    return "\n".join(parts)


def with_cursor(markdown: str) -> str:
    """The same with a sign at its end that more is to come."""
    last = markdown.rsplit("\n", 1)[-1].strip(" >")
    stands_alone = last.startswith(("```", "~~~", "$$", "|"))
    return f"{markdown}\n\n{CURSOR}" if stands_alone else f"{markdown} {CURSOR}"


def _label(name: str) -> str:
    return " ".join(name.split()).casefold()


class _Stretch:
    """Lines that are read together, turned from left to right."""

    def __init__(
        self,
        text: str,
        known: Mapping[str, str],
        picture: str,
        lead: Lead | None,
        seen: list[tuple[str, str]],
        depth: int = 0,
    ) -> None:
        self.text, self.known, self.picture, self.lead, self.depth = text, known, picture, lead, depth
        self.seen = seen
        self.in_link = depth > 0

    def said(self) -> str:
        out: list[str] = []
        at = 0
        while found := TOKEN.search(self.text, at):
            out.append(self.text[at : found.start()])
            new, at = self._turn(found)
            out.append(new)
        return "".join(out) + self.text[at:]

    def _turn(self, found: re.Match[str]) -> tuple[str, int]:
        """What stands for a token, and where it goes on."""
        if found["inline"]:
            return _inline(found["inline"], self.text[found.end() : found.end() + 1]), found.end()
        if found["code"]:
            end = self._code.end_of(found.start()) or found.end()
            return self.text[found.start() : end], end
        if found["display"]:
            return self._display(found["display"], found.start(), found.end()), found.end()
        if found["bracket"]:
            return self._bracket(found)
        if found["dollars"]:
            return self._dollars(found)
        if found["colons"]:
            return self._colons(found), found.end()
        if self.lead and (found["tag"] or found["address"]):
            new, length = bare_link(found[0], self.lead, self.in_link)
            return new, found.start() + length
        return found[0], found.end()

    # -- maths and money

    def _dollars(self, found: re.Match[str]) -> tuple[str, int]:
        sign, start = found[0], found.end()
        if sign == "$$":
            end = self.text.find("$$", start)
            inside = self.text[start:end] if end > 0 else ""
            if inside.strip() and not inside.endswith("\\"):
                return self._display(inside, found.start(), end + 2), end + 2
        if sign == "$":
            after = self._end_of_formula(found.start())
            if after:
                return _inline(self.text[start : after - 1], self.text[after : after + 1]), after
        return r"\$" * len(sign), start

    def _end_of_formula(self, start: int) -> int | None:
        """Where a formula between single dollars ends; None where they are money."""
        if start and self.text[start - 1].isascii() and self.text[start - 1].isalnum():
            return None
        found = SINGLE.match(self.text, start)
        return found.end() if found and not MONEY.match(found[1]) else None

    def _display(self, formula: str, start: int, end: int) -> str:
        line = self.text[max(self.text.rfind("\n", 0, start) + 1, start - LONGEST_LEAD) : start]
        if self.in_link or line.lstrip(" >").startswith("|"):
            return _inline(formula, self.text[end : end + 1])
        lead = QUOTES.match(line)
        quotes = lead[0] if lead else ""
        rest = line[len(quotes) :]
        marker = MARKERS.match(rest)
        indent = quotes + " " * (marker.end() if marker else 0)
        fence = "$" * max(2, _longest_run(formula) + 1)
        inside = [unquoted(each).strip() for each in formula.strip().split("\n")]
        lines = [fence, *(indent + each for each in inside if each), indent + fence]
        begin = "" if line.strip() == indent.strip() or not rest.strip(" -*+.)0123456789") else "\n" + indent
        goes_on = REST_OF_LINE.match(self.text, end)
        return begin + "\n".join(lines) + ("\n" + indent if goes_on else "")

    # -- what Streamlit would make of names between colons

    def _colons(self, found: re.Match[str]) -> str:
        sign = found[0].replace("\\", "")
        if NAME_OF_PICTURE.match(self.text, found.end()):
            return r"\:" * (len(sign) - 1) + ":" + JOINER
        if len(sign) > 1 or LETTER.match(self.text, found.end()):
            return r"\:" * len(sign)
        return found[0]

    # -- links, and pictures, which become links

    def _bracket(self, found: re.Match[str]) -> tuple[str, int]:
        is_picture, start = found[0] == "![", found.end()
        if end := self._end_of_definition(found.start()):
            return self._definition(self.text[found.start() : end]), end
        close = self._closes.get(start - 1)
        if close is None:
            return (r"\!" if is_picture else "") + "[", start
        if not is_picture and close - start > LONGEST_LINK:
            return r"\[", start
        if self.depth >= DEEPEST_LINK:
            return (r"\!\[" if is_picture else r"\["), start
        inside = self.text[start:close]
        target, end = self._target(close, inside)
        if is_picture:
            return self._picture(inside, target), end
        if end == close + 1 and target is None:
            return "[", start
        said = _Stretch(inside, self.known, self.picture, self.lead, self.seen, self.depth + 1).said()
        way = self.text[close + 1 : end]
        # A link by name leads where the line says that defines the name.
        way = inner_link(target or "", self.lead) if self.lead and way.startswith("(") else way
        return f"[{said}]{way}{_true_host(inside, target or '')}", end

    def _definition(self, line: str) -> str:
        found = DEFINITION.match(line) if self.lead else None
        return f"{line[: found.start(2)].rstrip('<')}<{self.lead(found[2])}>" if found and self.lead else line

    def _end_of_definition(self, at: int) -> int:
        """Where the line ends that a bracket begins and that says where a name leads; 0 for any other line."""
        begin = self.text.rfind("\n", max(0, at - 4), at) + 1
        if self.text[begin:at].strip() or (not begin and at > 3):
            return 0
        end = self.text.find("\n", at)
        end = len(self.text) if end < 0 else end
        return end if DEFINITION.match(self.text[begin:end]) else 0

    @cached_property
    def _code(self) -> CodeSpans:
        return CodeSpans(self.text)

    @cached_property
    def _closes(self) -> dict[int, int]:
        """Where each bracket closes, by where it opens."""
        found, opened, at = {}, [], 0
        while each := BRACKETS.search(self.text, at):
            at = each.end()
            if each[0][0] == "`":
                at = self._code.end_of(each.start()) or at
            elif each[0] == "[":
                opened.append(each.start())
            elif each[0] == "]" and opened:
                found[opened.pop()] = each.start()
        return found

    def _target(self, close: int, inside: str) -> tuple[str | None, int]:
        """The address a bracket leads to, and where that ends; None where it leads nowhere."""
        found = TARGET.match(self.text, close + 1)
        if found:
            return found[1] if found[1] is not None else found[2], found.end()
        named = NAMED.match(self.text, close + 1)
        if named:
            return self.known.get(_label(named[1] or inside)), named.end()
        return self.known.get(_label(inside)), close + 1

    def _picture(self, alt: str, target: str | None) -> str:
        host = _host(target or "")
        said = _words(f"{self.picture}: {' '.join(alt.split())}" if alt.strip() else self.picture)
        said += f" ({_words(host)})" if host else ""
        if host:
            self.seen.append((" ".join(alt.split()), target_of(target or "")))
        if self.in_link or not host:
            return said
        address = _within_angles(target or "")
        return f"[{said}](<{self.lead(address) if self.lead else address}>)"


def _inline(formula: str, after: str) -> str:
    """A formula within its line."""
    inside = " ".join(formula.split())
    if not inside:
        return ""
    least = 2 if after[:1].isdigit() or after.startswith("$") else 1
    sign = "$" * max(least, _longest_run(inside) + 1)
    return f"{sign}{inside}{sign}"


def _longest_run(text: str) -> int:
    return max(map(len, DOLLARS.findall(text)), default=0)


def _words(text: str) -> str:
    """The text with nothing in it that markdown would act upon."""
    return SIGNS.sub(r"\\\1", text)


def _within_angles(address: str) -> str:
    return address.replace("<", "%3C").replace(">", "%3E")


def _host(address: str) -> str:
    try:
        found = urlsplit(address if "//" in address else "")
        return (found.hostname or "") if found.scheme in ("http", "https", "") else ""
    except ValueError:
        return ""


def _true_host(said: str, target: str) -> str:
    """The host a link leads to, where the link names another."""
    host, named = _host(target), HOST.search(said)
    if not host or not named:
        return ""
    shown = named[1].casefold().removeprefix("www.")
    return "" if shown in (host, host.removeprefix("www.")) else f" ({_words(host)})"
