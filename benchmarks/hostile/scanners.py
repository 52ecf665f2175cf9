"""Readers of texts from outside that are more than one pattern, and what each likes least."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from benchmarks.hostile.shapes import Shape

WHOLE = 1_000_000
LIMIT = 0.3
ROWS = 20_001
"""Rows of a table that a page waits for; longer ones are refused, and documents are read beside the pages."""
SLOWER = 4.0
"""For what nobody's page waits for: seconds for 1 MB, while others go on."""


@dataclass(frozen=True)
class Scanner:
    """A reader; `function` is `module:name`, `wrap` how it is called with a text."""

    function: str
    pieces: tuple[str, ...] = ()
    shapes: tuple[Shape, ...] = ()
    limit: float = LIMIT
    wrap: Callable[[Callable[..., Any], str], Any] = lambda call, text: call(text)
    most: int = WHOLE
    """Characters it is given at most, where its callers leave out the rest and say so."""
    off_page: str = ""
    """Why nobody's page waits for it; then it may take longer, if it lets others go on meanwhile."""

    @property
    def name(self) -> str:
        return self.function

    def load(self) -> Callable[[str], Any] | None:
        """What is measured: the reader with every refusal of its own taken for an answer."""
        module, _, name = self.function.partition(":")
        try:
            found = importlib.import_module(f"flowloom.{module}")
            for part in name.split("."):
                found = getattr(found, part)
        except (ImportError, AttributeError):
            return None
        return partial(_call, self.wrap, found)


def _call(wrap: Callable[..., Any], call: Callable[..., Any], text: str) -> None:
    from flowloom.errors import FlowloomError

    try:
        result = wrap(call, text)
        if hasattr(result, "__next__"):
            for _ in result:
                pass
    except (FlowloomError, ValueError):
        pass


def _ticks() -> str:
    """Runs of backticks of every length, none of which ends."""
    return " ".join("`" * length for length in range(1, 60))


MARKDOWN = (
    "[a](", "![a](", "[", "]", "[]", "![", "](", "`", "``a`", "$", "$$", "$a", "$1 ", "\\(", "\\[", "\\", ":",
    "::a", ":a:", "<a ", '<a b="', "<a b='c' ", "</a", "http://a ", "https://", "www.", "> ", "- ", "- a\n", "1. ",
    "* * ",
    "| a ", "|---|\n", "| a |\n", "```\n", "~~~\n", "    a\n", "# ", "# a\n", "[a]: b\n", "[a]: <b", "a\n\n", "+\n",
    "$$\n+ a\n", "\\[\n- a\n", "**a", "__", "~~", "a\n- ", ">\n", "a [1].", "【1†", "[1, ", "。", "?! ", _ticks(),
)  # fmt: skip
JSON = ('"', '"\\', "{", "[", '{"a":', "[1,", '"a",', "[]", "{}", "\\u", "1e", '{"a":1,"a":1,')
CODES = (
    "quick brown x",
    "aaaaaaaaaaaaaab",
    "lazy dog and al ",
    "%41",
    "%",
    "41 ",
    "QUJD",
    "\\x41",
    "0x41",
    "the quick brown fox ",
    "a:",
    "= ",
)
CSV = ('"', '""', '"a', ",", ";", "\t", "|", "a,b\n", "|---|", "\\|", "'")
DATA = ("1@", "a@b", "@a.", "+1 ", "1-", "1.1.1.1", "FR76 ", "1 1", "(1)", "a.b@")
WEB = ("<a>", "<a ", "<", "</a>", "<!--", "<title>", "<![CDATA[", "&amp;", "&", "<loc>", '<a href="', "<p>a", "<b")
SUMS = ("1+", "(", ")", "1 x ", "1,1,", "1.", "-", "%", "1% of ", "plus ")
PROMPT = ("{{", "}}", "{{a", "{{ a }}", "{%", "%}", "{", "<think>", "</think>", "<prompt>")

SCANNERS = (
    Scanner("flow.file:nesting", JSON),
    Scanner("flow.file:read_flow", JSON, (('{"flowloom":1,', '"a":1,', "}"),)),
    Scanner("flow.secrets:looks_secret", CODES),
    Scanner("flow.secrets:hide_secrets", ("http://a:", "eyJaaaaaaaa.", "-eyJ", "Bearer ", "a://", *CODES)),
    Scanner("run.reading.sentences:sentences_of", MARKDOWN, most=100_000),
    Scanner("run.reading.evidence:run_of", MARKDOWN),
    Scanner("run.reading.evidence:cited_in", MARKDOWN),
    Scanner(
        "ui.chat.markdown:markdown_of",
        MARKDOWN, (("- " * 99 + "\n", "-\n", ""), ("$$a", "\n+ a", "")), most=60_000,
    ),
    Scanner("ui.chat.voice:spoken_words", MARKDOWN),
    Scanner("words:terms", limit=SLOWER, off_page="documents are read by a thread of their own"),
    Scanner("words:placed_terms", most=100_000),
    Scanner("words:sentences", MARKDOWN, most=100_000),
    Scanner("words:language_of"),
    Scanner("services.protection.disguises:decoded", CODES),
    Scanner(
        "services.protection.guard:QuoteGuard", CODES, (), SLOWER,
        lambda kind, text: _guard(kind).spans(text), off_page="runs have a thread of their own",
    ),
    Scanner(
        "nodes.logic.personal_data:find_personal", DATA, (), LIMIT,
        lambda call, text: call(text, ("email", "iban", "card", "ip", "phone"), ["Ada"]),
    ),
    Scanner("nodes.data.tables:cells_of", CSV),
    Scanner("kinds.table_text:sign_of", CSV),
    Scanner("kinds.table_text:read_table", CSV, (), LIMIT, lambda call, text: list(islice(call(text).rows, ROWS))),
    Scanner("nodes.data.formulas:without_formulas", CSV),
    Scanner("nodes.data.json_values:read_json", ("```\n", *JSON)),
    Scanner("services.models.schemas:read_object", (*PROMPT, *JSON)),
    Scanner("services.models.practice_finds:find_expression", SUMS, most=20_000),
    Scanner("services.models.practice_finds:find_numbers", (*SUMS, *DATA), most=20_000),
    Scanner("services.models.practice_dates:find_dates", (*SUMS, "1 may ", "may 1, "), most=20_000),
    Scanner("services.models.practice_finds:find_person", ("Name:", "Ada ", "A'", "I am ", "姓名:"), most=20_000),
    Scanner("services.models.practice_rules:question_in", ("question:", "\n\n", "?\n\n")),
    Scanner("services.knowledge.loaders.html:links_in", WEB),
    Scanner("services.web.search:_plain", WEB),
    Scanner("nodes.templates:names_in", PROMPT),
    Scanner("services.mail.message:recipients_in", DATA),
    Scanner("services.network.addresses:parse_url", ("http://", "a@", "?", "#", "0x1.", "1.")),
    Scanner("nodes.tools.sums:work_out", SUMS),
    Scanner("services.openapi.document:read_document", JSON),
    Scanner("services.mcp.practice:units_in", ("km ", "公里", "m")),
    Scanner("store.nearest:find_nearest"),
)  # fmt: skip


def _guard(kind: Any) -> Any:
    protected = importlib.import_module("flowloom.services.protection.guard").Protected.of(
        ["the quick brown fox jumps over the lazy dog and all the others, too. " * 20, "a" * 5_000, "1" * 5_000]
    )
    return kind(protected, 25)
