"""A model's text as the page shows it: what its links lead to is seen first."""

from flowloom.serve.away import away
from flowloom.ui.line_breaks import keep_lines
from flowloom.ui.markdown import markdown_of
from flowloom.ui.session import language, t


def answer_markdown(text: str) -> str:
    said = language()
    return markdown_of(keep_lines(text), t("Picture"), lead=lambda target: away(target, said))
