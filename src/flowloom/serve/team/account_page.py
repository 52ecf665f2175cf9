"""The pages of somebody who is signed in: their account, and the GPTs they may use."""

import time
from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from starlette.responses import HTMLResponse

from flowloom.errors import Problem
from flowloom.people.passwords import LONGEST, SHORTEST
from flowloom.people.sessions import Present
from flowloom.publishing import Published
from flowloom.serve.team.chats_page import link
from flowloom.serve.team.look import MARK, Words, button, field, page, said
from flowloom.serve.team.pages import MAY, ROLES
from flowloom.serve.team.passkey_box import SCRIPT, passkeys_card
from flowloom.store.api_keys import ApiKey
from flowloom.store.passkeys import Passkey
from flowloom.store.sign_ins import SignIn

BROWSERS = ("Edg", "Firefox", "Chrome", "Safari")
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "Mac"} | {
    "Linux": "Linux"
}


def account_page(
    language: str,
    present: Present,
    sign_ins: Iterable[SignIn],
    wrong: Problem | None = None,
    is_saved: bool = False,
    elsewhere: str = "",
    assistants: Iterable[tuple[ApiKey, str]] = (),
    passkeys: Iterable[Passkey] = (),
    has_site: bool = False,
) -> HTMLResponse:
    """`assistants` are programs that may ask GPTs for them, each with the name of its GPT.

    `has_site` is whether browsers have passkeys for this address.
    """
    t, account = Words(language), present.account
    groups = f" · {escape(', '.join(account.groups))}" if account.groups else ""
    rows = "".join(_sign_in(t, each, each.id == present.sign_in.id) for each in sign_ins)
    saved = (
        f'<div class="said good" role="status"><p>{t("Your password was changed.")}</p></div>' if is_saved else ""
    )
    body = (
        f'<div class="bar">{MARK}<h1>{escape(account.shown)}</h1>'
        f'<a class="button small" href="/">{t("Back")}</a></div>'
        f'<div class="card"><div class="row"><div><p><strong>{t(ROLES[account.role])}</strong>{groups}</p>'
        f'<p class="soft">{escape(account.name)}</p></div>{button(t("Sign out"), "/sign-out")}</div>'
        f'<p class="soft" style="margin:.75rem 0 0">{t(MAY[account.role])}</p></div>'
        f'<div class="card"><h2>{t("Change password")}</h2>{saved}{said(wrong, language)}'
        '<form method="post" action="/account/password">'
        f'<input type="hidden" name="name" autocomplete="username" value="{escape(account.name)}">'
        + field("old", t("Current password"), "password", autocomplete="current-password")
        + field(
            "password",
            t("New password"),
            "password",
            help=t("You will be signed out everywhere else."),
            autocomplete="new-password",
            minlength=str(SHORTEST),
            maxlength=str(LONGEST),
        )
        + f'<button class="main">{t("Save")}</button></form></div>'
        + passkeys_card(t, passkeys, has_site)
        + _elsewhere(t, elsewhere)
        + _assistants(t, assistants)
        + f'<div class="card"><div class="row"><h2 style="margin:0">{t("Where you are signed in")}</h2>'
        f"{button(t('Sign out everywhere'), '/sign-out/everywhere')}</div>{rows}</div>" + link(t)
    )
    script = SCRIPT if has_site else ""
    return page(escape(account.shown), body, language, 403 if wrong else 200, script=script)


def _elsewhere(t: Words, name: str) -> str:
    """The way to sign in by an account of the organisation from now on."""
    if not name:
        return ""
    link = f'<a class="button" href="/sign-in/elsewhere?next=/account">{t("Connect {name}", name=name)}</a>'
    said = t("Then you can also sign in with it.")
    return f'<div class="card"><div class="row"><p class="soft">{said}</p>{link}</div></div>'


def _assistants(t: Words, found: Iterable[tuple[ApiKey, str]]) -> str:
    """The programs that may ask in their name; nothing where there are none."""
    rows = "".join(_assistant(t, key, gpt) for key, gpt in found)
    if not rows:
        return ""
    told = t("These programs may ask GPTs in your name.")
    return f'<div class="card"><h2>{t("Connected assistants")}</h2><p class="soft">{told}</p>{rows}</div>'


def _assistant(t: Words, key: ApiKey, gpt: str) -> str:
    used = t("Last used {day}", day=_day(key.used)) if key.used is not None else t("never used")
    named = f"{escape(key.facts.assistant)} · {escape(gpt) or t('Untitled GPT')}"
    return (
        f'<div class="row"><div><p>{named}</p><p class="soft">{used}</p></div>'
        f"{button(t('Disconnect'), f'/account/assistants/{key.id}')}</div>"
    )


def _day(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at))


def _sign_in(t: Words, sign_in: SignIn, is_this: bool) -> str:
    day = _day(sign_in.seen)
    out = "" if is_this else button(t("Sign out"), f"/sign-out/{sign_in.id}")
    here = f" · {t('this browser')}" if is_this else ""
    return (
        f'<div class="row"><div><p>{escape(device_of(sign_in.device)) or t("Unknown device")}{here}</p>'
        f'<p class="soft">{t("Last used {day}", day=day)} · {escape(sign_in.address)}</p></div>{out}</div>'
    )


def device_of(said: str) -> str:
    """What a browser says of itself, in two words."""
    browser = next((name for name in BROWSERS if name in said), "")
    system = next((name for sign, name in SYSTEMS.items() if sign in said), "")
    return " · ".join(filter(None, (browser.replace("Edg", "Edge"), system)))


def gpts_page(language: str, present: Present, gpts: Iterable[Published]) -> HTMLResponse:
    """What somebody may use."""
    t = Words(language)
    cards = "".join(_card(t, each) for each in gpts)
    nothing = (
        f'<div class="card"><h2>{t("Nothing is shared with you yet")}</h2>'
        f'<p class="soft">{t("As soon as somebody shares a GPT with you, you find it here.")}</p></div>'
    )
    body = (
        f'<div class="bar">{MARK}<h1>{t("GPTs for you")}</h1>'
        f'<a class="button small" href="/account">{escape(present.account.shown)}</a></div>'
        + (f'<ul class="gpts">{cards}</ul>' if cards else nothing)
        + link(t)
    )
    return page(t("GPTs for you"), body, language, wide=True)


def _card(t: Words, each: Published) -> str:
    flow, slug = each.flow, quote(each.publication.slug)
    name = escape(flow.name) or t("Untitled GPT")
    return (
        f'<li><a class="card" href="/gpt/{slug}"><img src="/gpt/{slug}/icon" alt=""><h2>{name}</h2>'
        f'<p class="soft">{escape(flow.description[:180])}</p></a></li>'
    )
