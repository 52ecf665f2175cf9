"""The part of a page with which somebody signs in by a passkey, or adds one; hidden until its script can do it."""

import time
from collections.abc import Iterable
from html import escape

from flowloom.serve.team.look import Words, button
from flowloom.store.passkeys import Passkey

SCRIPT = "/sign-in/passkey.js"


def sign_in_box(t: Words, onward: str) -> str:
    return (
        f'<div class="or" {_facts(t, "sign-in")} data-next="{escape(onward)}" hidden>'
        f'<button type="button" class="wide">{t("Sign in with a passkey")}</button>{_said()}</div>'
    )


def passkeys_card(t: Words, passkeys: Iterable[Passkey], has_site: bool) -> str:
    """What somebody has, and how to get more; `has_site` is whether browsers have passkeys for this address."""
    rows = "".join(_row(t, each) for each in passkeys)
    told = t("Sign in with your fingerprint, your face or the lock of your device, without a password.")
    add = (
        f'<div {_facts(t, "add")} hidden style="margin-top:1rem">'
        f'<button type="button" class="small">{t("Add a passkey")}</button>{_said()}</div>'
        if has_site
        else f'<p class="soft">{t("Passkeys need an address with a name and https. This one has none.")}</p>'
    )
    return f'<div class="card"><h2>{t("Passkeys")}</h2><p class="soft">{told}</p>{rows}{add}</div>'


def _facts(t: Words, what: str) -> str:
    failed, hint = t("No passkey was used."), t("Try again, or use your password.")
    return f'data-passkey="{what}" data-failed="{failed}" data-hint="{hint}"'


def _said() -> str:
    return '<div class="said bad" role="alert" hidden><p style="font-weight:700"></p><p></p></div>'


def _row(t: Words, each: Passkey) -> str:
    used = t("Last used {day}", day=_day(each.used)) if each.used is not None else t("never used")
    name = escape(each.name) or t("Unknown device")
    where = t("added {day} for {host}", day=_day(each.made), host=each.host)
    return (
        f'<div class="row"><div><p>{name}</p><p class="soft">{used} · {where}</p></div>'
        f"{button(t('Remove'), f'/account/passkeys/{escape(each.id)}/remove')}</div>"
    )


def _day(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at))
