"""A model's text as the page shows it: what its links lead to is seen first."""

from flowloom.serve.away import away
from flowloom.ui.markdown import markdown_of
from flowloom.ui.session import language, t


def answer_markdown(text: str) -> str:
    said = language()
    return markdown_of(text, t("Picture"), lead=lambda target: away(target, said))
