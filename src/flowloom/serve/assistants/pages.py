"""What somebody sees when a program wants to use a GPT for them: who asks, for what, and where it leads."""

from html import escape
from urllib.parse import urlsplit

from starlette.responses import HTMLResponse

from flowloom.assistants import Assistant, is_loopback
from flowloom.errors import Problem
from flowloom.publishing import Published
from flowloom.serve.team.look import MARK, Words, page
from flowloom.store.accounts import Account


def consent_page(
    language: str, assistant: Assistant, published: Published, address: str, person: Account | None
) -> HTMLResponse:
    t = Words(language)
    name, gpt = escape(assistant.name), escape(published.flow.name) or t("Untitled GPT")
    title = t("Connect {name}?", name="\0").replace("\0", name)
    asks = t("{name} wants to use the GPT “{gpt}” for you.", name="\0", gpt="\1")
    end = (
        t("You can disconnect it at any time, in your account.")
        if person
        else t("You can disconnect it at any time, where you published this GPT.")
    )
    named = t("Nobody has checked this name. After you decide, you are led to {place}.", place="\0")
    body = (
        f'<div class="card">{MARK}<h1>{title}</h1>'
        f"<p>{asks.replace(chr(0), f'<strong>{name}</strong>').replace(chr(1), f'<strong>{gpt}</strong>')}</p>"
        f'<ul class="told"><li>{t("It can ask this GPT in your name and read the answers.")}</li>'
        f"<li>{t('It can’t change the GPT, and it can’t read your other conversations.')}</li><li>{end}</li></ul>"
        f'<p class="soft">{named.replace(chr(0), f"<strong>{_place(t, address)}</strong>")} '
        f"{t('Connect it only if you started this yourself.')}</p>{_who(t, person)}"
        f'<form method="post"><button class="main" name="answer" value="yes">{t("Connect it")}</button>'
        f'<p class="or"><button class="wide" name="answer" value="no">{t("Cancel")}</button></p></form></div>'
    )
    return page(title, body, language)


def _who(t: Words, person: Account | None) -> str:
    return f'<p class="soft">{t("You are signed in as {name}.", name=person.shown)}</p>' if person else ""


def _place(t: Words, address: str) -> str:
    """Where an address leads, as a person knows it."""
    parts = urlsplit(address)
    if is_loopback(address):
        return t("a program on this computer")
    return (
        escape(parts.netloc) if parts.scheme == "https" else t("an app on this device ({name})", name=parts.scheme)
    )


def leave_page(language: str, assistant: Assistant, onward: str, connected: bool) -> HTMLResponse:
    """Leads on by itself, and by a link; a redirect would be refused, as a form may lead to no other site."""
    t = Words(language)
    name = escape(assistant.name)
    title = t("Connected") if connected else t("Not connected")
    told = t("Go back to {name} to go on. If that doesn’t happen by itself, use this button.", name="\0")
    body = (
        f'<div class="card">{MARK}<h1>{title}</h1><p class="soft">{told.replace(chr(0), name)}</p>'
        f'<a class="button wide" href="{escape(onward)}">{t("Go back")}</a></div>'
    )
    answer = page(title, body, language, onward=onward)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def wrong_page(language: str, wrong: Problem) -> HTMLResponse:
    t, told = Words(language), wrong.describe(language)
    body = (
        f'<div class="card">{MARK}<h1>{t("This didn’t work")}</h1>'
        f'<p><strong>{escape(told.message)}</strong></p><p class="soft">{escape(told.hint)}</p></div>'
    )
    return page(t("This didn’t work"), body, language, 400)
