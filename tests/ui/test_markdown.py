"""What becomes of a model's text before Streamlit shows it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.ui.chat.markdown import CURSOR, JOINER, markdown_of, pictures_of, with_cursor

BEES = "https://pics.example.org/bees.png?from=chat"
SAID = {
    "plain words": ("Bees **fly** to _flowers_.", "Bees **fly** to _flowers_."),
    # maths
    "inline": (r"So \(x^2\) grows.", "So $x^2$ grows."),
    "inline with room": (r"So \( a_1 + b \) grows.", "So $a_1 + b$ grows."),
    "inline before a digit": (r"\(x\)2", "$$x$$2"),
    "inline with a dollar in it": (r"\(\text{cost } \$5\)", r"$$\text{cost } \$5$$"),
    "inline that is left open": (r"So \(x^2 grows.", r"So \(x^2 grows."),
    "displayed": (r"So" + "\n" + r"\[ x^2 \]" + "\nholds.", "So\n$$\nx^2\n$$\nholds."),
    "displayed on lines that look like a list": (
        "\\[\na\n+ b\n\\]",
        "$$\na\n+ b\n$$",
    ),
    "displayed within a line": (r"So \[x\] holds.", "So \n$$\nx\n$$\n holds."),
    "displayed in a list": (r"- so \[x\]", "- so \n  $$\n  x\n  $$"),
    "displayed as a whole list item": (r"1. \[x\]", "1. $$\n   x\n   $$"),
    "displayed in a quote": (r"> \[x\]", "> $$\n> x\n> $$"),
    "displayed in a table": (r"| \[x\] | b |", "| $x$ | b |"),
    "two dollars on one line": ("$$x$$", "$$\nx\n$$"),
    "two dollars on three lines": ("$$\nx\n$$", "$$\nx\n$$"),
    "two dollars beside the formula": ("$$a\n= b$$", "$$\na\n= b\n$$"),
    "two dollars that are left open": ("$$\nx", "\\$\\$\nx"),
    "one dollar": ("Let $x$ be odd.", "Let $x$ be odd."),
    "one dollar in Chinese": ("设$x$为奇数", "设$x$为奇数"),
    "one dollar with an escaped one": (r"$a \$ b$", r"$$a \$ b$$"),
    # money
    "money": ("From $5 to $10.", r"From \$5 to \$10."),
    "money and money": ("$5 and $10", r"\$5 and \$10"),
    "a span of money": ("$5-$10", r"\$5-\$10"),
    "foreign dollars": ("US$5 and CA$", r"US\$5 and CA\$"),
    "dollars behind": ("5$ et 10$", r"5\$ et 10\$"),
    "dollars apart": ("5 $ et 10 $", r"5 \$ et 10 \$"),
    "money among words": ("$5 for bees (or 8$)", r"\$5 for bees (or 8\$)"),
    "money in bold": ("**$5** or **$6**", r"**\$5** or **\$6**"),
    "escaped already": (r"\$5 and \$6", r"\$5 and \$6"),
    # Streamlit's own words
    "a colour": (":red[alarm]", r"\:red[alarm]"),
    "a symbol": (":material/home:", f":{JOINER}material/home:"),
    "a symbol, escaped": (r"\:material/home:", f":{JOINER}material/home:"),
    "an emoji": ("well :smile: done", f"well :{JOINER}smile: done"),
    "an emoji of digits": (":100:", f":{JOINER}100:"),
    "Streamlit's logo": (":streamlit:", f":{JOINER}streamlit:"),
    "a time": ("at 10:30:00 sharp", "at 10:30:00 sharp"),
    "a word with a colon": ("Note: see:this[1]", r"Note: see\:this[1]"),
    "a block directive": (":::note\nx\n:::", "\\:\\:\\:note\nx\n\\:\\:\\:"),
    "a Chinese label": ("姓名:张三[1]", r"姓名\:张三[1]"),
    # pictures and links
    "a picture": (f"![a bee]({BEES})", f"[Picture\\: a bee (pics.example.org)](<{BEES}>)"),
    "a picture with a title": (f'![a bee]({BEES} "Bee")', f"[Picture\\: a bee (pics.example.org)](<{BEES}>)"),
    "a picture without words": (f"![]({BEES})", f"[Picture (pics.example.org)](<{BEES}>)"),
    "a picture by another scheme": ("![x](data:image/png;base64,AA)", r"Picture\: x"),
    "a picture of no scheme": ("![x](//evil.example/x)", r"[Picture\: x (evil.example)](<//evil.example/x>)"),
    "a picture by name": (
        f"![a bee][1]\n\n[1]: {BEES}",
        f"[Picture\\: a bee (pics.example.org)](<{BEES}>)\n\n[1]: {BEES}",
    ),
    "a picture by its words": (
        f"![Bee][]\n\n[bee]: {BEES}",
        f"[Picture\\: Bee (pics.example.org)](<{BEES}>)\n\n[bee]: {BEES}",
    ),
    "a picture by a name nobody knows": ("![bee][x]", r"Picture\: bee"),
    "a picture that is left open": ("![bee", r"\![bee"),
    "a picture in a link": (
        f"[![bee]({BEES})](https://example.org)",
        r"[Picture\: bee (pics.example.org)](https://example.org) (example.org)",
    ),
    "an escaped bang": (r"\![bee](https://example.org)", r"\![bee](https://example.org)"),
    "a bang after a backslash": (
        rf"\\![bee]({BEES})",
        rf"\\[Picture\: bee (pics.example.org)](<{BEES}>)",
    ),
    "a tag": (f'<img src="{BEES}">', f'<img src="{BEES}">'),
    "what only looks like a tag": (
        f"<a ![bee]({BEES})>",
        rf"<a [Picture\: bee (pics.example.org)](<{BEES}>)>",
    ),
    "a link": ("[the bees](https://example.org/a:b)", "[the bees](https://example.org/a:b)"),
    "an honest link": ("[example.org](https://www.example.org/x)", "[example.org](https://www.example.org/x)"),
    "a link to elsewhere": (
        "[https://bank.example](https://evil.example/x)",
        "[https://bank.example](https://evil.example/x) (evil.example)",
    ),
    "a link by name to elsewhere": (
        "[bank.example][1]\n\n[1]: https://evil.example",
        "[bank.example][1] (evil.example)\n\n[1]: https://evil.example",
    ),
    "a bare address": ("See https://example.org/a:b_c and <mailto:bee@x.org>.",) * 2,
    "brackets": ("a[0] and [1]", "a[0] and [1]"),
    # code
    "inline code": ("`![x](https://e.org) $5 :red[x]`",) * 2,
    "inline code over two lines": ("`a\nb ![x](https://e.org)`",) * 2,
    "two ticks": ("``a ` $x``",) * 2,
    "a picture after ticks of another line": (
        f"`a\nb` ![x]({BEES}) `c`",
        f"`a\nb` [Picture\\: x (pics.example.org)](<{BEES}>) `c`",
    ),
    "ticks do not reach over a heading": (
        f"# a `b\n![x]({BEES}) `c",
        f"# a `b\n[Picture\\: x (pics.example.org)](<{BEES}>) `c",
    ),
    "a block of code": ("```py\nx = '$5' # :red[x]\n```\n$5", "```py\nx = '$5' # :red[x]\n```\n\\$5"),
    "a block with a quote in it": ("```\n> ```\n$5\n```",) * 2,
    "a block of code that is left open": ("```python\nprint($)", "```python\nprint($)\n```"),
    "a block in a list, left open": ("- so:\n  ```\n  $5", "- so:\n  ```\n  $5\n  ```"),
    "a block in a quote, left open": ("> ```\n> $5", "> ```\n> $5\n> ```"),
    "a block that its list item ends": (
        f"- a\n  ```\n![x]({BEES})\n  ```",
        f"- a\n  ```\n  ```\n[Picture\\: x (pics.example.org)](<{BEES}>)\n  ```\n  ```",
    ),
    "a block fenced longer": ("````\n```\n$\n````",) * 2,
    "indented code": ("so\n\n    x = $5 + $6\n\nends",) * 2,
    "an indented line of a list": ("- a\n\n    costs $5", "- a\n\n    costs \\$5"),
    "a drawing": ("```mermaid\ngraph TD; A-->B\n```",) * 2,
    "a drawing that fetches": (
        '```mermaid\nA@{ img: "https://e.org/x" }\n```',
        '```text\nA@{ img: "https://e.org/x" }\n```',
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_what_is_shown(name: str) -> None:
    text, shown = SAID[name]
    assert markdown_of(text) == shown


def test_a_picture_is_named_in_the_persons_language() -> None:
    assert markdown_of(f"![蜜蜂]({BEES})", "图片").startswith("[图片\\: 蜜蜂")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bees", f"Bees {CURSOR}"),
        ("```\nx\n```", f"```\nx\n```\n\n{CURSOR}"),
        ("| a | b |", f"| a | b |\n\n{CURSOR}"),
    ],
)
def test_the_cursor_breaks_nothing(text: str, shown: str) -> None:
    assert with_cursor(text) == shown


PIECES = (
    *("$", "$$", "\\(", "\\)", "\\[", "\\]", "![", "[", "](", ")", "]", "`", "```", "\n", "\n\n", " ", "    "),
    *("> ", "- ", "1. ", "# ", "| ", ":", ":red[", ":material/", "\\", "<", ">", "img", "https://e.org", "é", "5"),
)
SOUP = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@given(st.one_of(st.text(), SOUP))
def test_anything_at_all_is_turned(text: str) -> None:
    assert isinstance(markdown_of(text), str)
    with_cursor(markdown_of(text))


@given(before=st.sampled_from(["", "So:\n\n", "$5 and\n", "- a\n\nb\n\n"]), code=st.one_of(st.text(), SOUP))
def test_a_block_of_code_stays_as_it_is(before: str, code: str) -> None:
    code = "\n".join(line for line in code.splitlines() if "~~~" not in line)
    block = f"~~~~\n{code}\n~~~~"
    assert block in markdown_of(f"{before}{block}\n\n$5")


@given(code=st.one_of(st.text(), SOUP))
def test_inline_code_stays_as_it_is(code: str) -> None:
    code = " ".join(code.replace("`", "").split()) or "x"
    assert f"``{code}``" in markdown_of(f"See ``{code}`` for $5.")


@pytest.mark.parametrize(
    "piece", ["$", "[", "![", "`", "\\(", "$x ", "`` ` ", "<a ", ":a", "> - ", "![a](", "\\[\n"]
)
def test_a_long_answer_takes_no_time(piece: str) -> None:
    begun = time.perf_counter()
    markdown_of(piece * (20_000 // len(piece)))
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize("link", ["](u)", "](https://a.example)"])
def test_links_within_links_without_end_are_only_brackets(link: str) -> None:
    said = markdown_of("[" * 1_500 + "![a](https://b.example/x.png)" + link * 1_500)
    assert said.count(r"\[") > 400
    assert "![" not in said.replace(r"\!\[", "")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("![A  bee](https://b.example/x.png)", [("A bee", "https://b.example/x.png")]),
        ("![](//b.example/x.png)", [("", "//b.example/x.png")]),
        ("![a][p]\n\n[p]: https://b.example/x.png", [("a", "https://b.example/x.png")]),
        ("[![a](https://b.example/x.png)](https://c.example)", [("a", "https://b.example/x.png")]),
        ("![a](https://b.example/x.png?a=1&amp;b=2)", [("a", "https://b.example/x.png?a=1&b=2")]),
        ("> - ![a](https://b.example/x.png) ![b](https://b.example/y.png)",
         [("a", "https://b.example/x.png"), ("b", "https://b.example/y.png")]),
        ("`![a](https://b.example/x.png)`", []),
        ("    ![a](https://b.example/x.png)", []),
        ("![a](/x.png) ![b](data:image/png;base64,AAAA) ![c](file:///x.png) [d](https://b.example/x.png)", []),
        ("<img src=\"https://b.example/x.png\">", []),
    ],
)  # fmt: skip
def test_the_pictures_of_other_computers_are_listed(text: str, found: list[tuple[str, str]]) -> None:
    assert pictures_of(text) == found
