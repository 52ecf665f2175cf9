"""The page that says what happens with one’s chats in a workspace."""

from collections.abc import Sequence
from html import escape

from starlette.responses import HTMLResponse

from flowloom.people.promises import promises
from flowloom.serve.team.look import MARK, Words, page

ADDRESS, TITLE = "/your-chats", "What happens with your chats"
OTHERWISE = "Conversations with “{name}” are deleted {days} days after the last message."


def chats_page(language: str, keep_days: int | None, others: Sequence[tuple[str, int]] = ()) -> HTMLResponse:
    """`others` are GPTs that keep what is said for another number of days."""
    t = Words(language)
    rows = [f"<li>{t(each.text, **each.numbers)}</li>" for each in promises(keep_days)]
    rows += [f"<li>{t(OTHERWISE, name=name, days=days)}</li>" for name, days in others]
    body = (
        f'<div class="bar">{MARK}<h1>{t(TITLE)}</h1><a class="button small" href="/">{t("Back")}</a></div>'
        f'<div class="card"><ul class="told">{"".join(rows)}</ul></div>'
    )
    return page(escape(t(TITLE)), body, language, wide=True)


def link(t: Words) -> str:
    """The way to it; HTML."""
    return f'<p class="soft"><a href="{ADDRESS}">{t(TITLE)}</a></p>'
