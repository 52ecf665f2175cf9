"""A model's text as the page shows it: what its links lead to is seen first, and a very long one is plain."""

import streamlit as st

from flowloom.serve.away import away
from flowloom.ui.chat.line_breaks import keep_lines
from flowloom.ui.chat.markdown import markdown_of
from flowloom.ui.session import language, t

LONGEST = 60_000
"""Characters of a text that are set as Markdown, some thirty pages: more would hold the page up."""
SHOWN = 200_000
"""Characters of a longer text that the page shows; all of it is in the file."""
LAST = 2_000
"""Characters of a longer text that are shown while more of it comes."""
HEIGHT = 500


def answer_markdown(text: str) -> str:
    """The text for `st.markdown`; of one that is too long, its end as it is written."""
    if len(text) > LONGEST:
        return _as_written(text[-LAST:])
    said = language()
    return markdown_of(keep_lines(text), t("Picture"), lead=lambda target: away(target, said))


def draw_answer_text(text: str, key: str) -> None:
    """The text as Markdown; a very long one as plain text to scroll in, with a file of the whole."""
    if len(text) <= LONGEST:
        st.markdown(answer_markdown(text))
        return
    st.caption(t("This answer is very long, so it is shown as plain text. Download it to get the whole text."))
    with st.container(height=HEIGHT):
        st.text(text[:SHOWN])
    said, icon = t("Download the answer"), ":material/download:"
    st.download_button(said, text, "answer.md", "text/markdown", key=f"whole:{key}", icon=icon)


def _as_written(text: str) -> str:
    longest = max((len(run) for line in text.splitlines() for run in line.split() if set(run) == {"~"}), default=0)
    fence = "~" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"
