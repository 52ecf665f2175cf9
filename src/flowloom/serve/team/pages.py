"""The pages by which people come in, each a form in the language of the browser."""

from html import escape
from urllib.parse import quote

from starlette.responses import HTMLResponse

from flowloom.errors import Problem
from flowloom.people.passwords import LONGEST, SHORTEST
from flowloom.serve.team.look import MARK, Words, field, page, said
from flowloom.serve.team.passkey_box import SCRIPT, sign_in_box
from flowloom.store.accounts import Account
from flowloom.store.invitations import Invitation

ROLES = {"admin": "Admin", "builder": "Builder", "member": "Member"}
MAY = {
    "admin": "You can build GPTs and manage the people and settings of this workspace.",
    "builder": "You can build GPTs and use those that are shared with you.",
    "member": "You can use the GPTs that are shared with you.",
}


def sign_in_page(
    language: str,
    onward: str,
    name: str = "",
    wrong: Problem | None = None,
    elsewhere: str = "",
    passkeys: bool = False,
) -> HTMLResponse:
    """`elsewhere` is what the sign-in service of the organisation is called, where there is one.

    `passkeys` is whether browsers have them for this address.
    """
    t = Words(language)
    other = (
        f'<p class="or"><a class="button wide" href="/sign-in/elsewhere?next={quote(onward, safe="")}">'
        f"{t('Continue with {name}', name=elsewhere)}</a></p>"
        if elsewhere
        else ""
    )
    box = sign_in_box(t, onward) if passkeys else ""
    focus = {"autofocus": ""} if not name else {}
    body = (
        f'<div class="card">{MARK}<h1>{t("Sign in")}</h1>{said(wrong, language)}'
        f'<form method="post" action="/sign-in"><input type="hidden" name="next" value="{escape(onward)}">'
        + field("name", t("Email or name"), value=name, autocomplete="username", autocapitalize="none", **focus)
        + field("password", t("Password"), "password", autocomplete="current-password")
        + f'<button class="main">{t("Sign in")}</button></form>{box}{other}</div>'
        f'<p class="soft">{t("No account, or forgot your password? Ask an admin for a link.")}</p>'
    )
    script = SCRIPT if passkeys else ""
    return page(t("Sign in"), body, language, 403 if wrong else 200, script=script)


def set_up_page(language: str, given: dict[str, str], wrong: Problem | None = None) -> HTMLResponse:
    t = Words(language)
    code = t("Shown in the terminal where Flowloom was started.")
    body = (
        f'<div class="card">{MARK}<h1>{t("Set up Flowloom for your team")}</h1>'
        f'<p class="soft">{t("Make your account first. You can then invite others.")}</p>{said(wrong, language)}'
        '<form method="post" action="/set-up">'
        + field(
            "code",
            t("Set-up code"),
            value=given.get("code", ""),
            help=code,
            autocomplete="off",
            spellcheck="false",
            class_="code",
        )
        + _person(t, given)
        + f'<button class="main">{t("Create account")}</button></form></div>'
    )
    return page(t("Set up"), body, language, 403 if wrong else 200)


def _person(t: Words, given: dict[str, str]) -> str:
    """The fields of somebody who is new."""
    return (
        field("shown", t("Your name"), value=given.get("shown", ""), help=t("Others see it."), autocomplete="name")
        + field(
            "name",
            t("Email or name"),
            value=given.get("name", ""),
            help=t("You sign in with it."),
            autocomplete="username",
            autocapitalize="none",
        )
        + _new_password(t)
    )


def _new_password(t: Words) -> str:
    least = t("At least {count} characters. Several words in a row are easy to remember.", count=SHORTEST)
    return field(
        "password",
        t("Password"),
        "password",
        help=least,
        autocomplete="new-password",
        minlength=str(SHORTEST),
        maxlength=str(LONGEST),
    )


def join_page(
    language: str, token: str, invitation: Invitation, given: dict[str, str], wrong: Problem | None = None
) -> HTMLResponse:
    t = Words(language)
    by = t("{name} invited you.", name=invitation.made_by)
    body = (
        f'<div class="card">{MARK}<h1>{t("Join this workspace")}</h1>'
        f'<p class="soft">{by} {t(MAY[invitation.role])}</p>{said(wrong, language)}'
        f'<form method="post" action="/invitation/{escape(token)}">{_person(t, given)}'
        f'<button class="main">{t("Create account")}</button></form></div>'
    )
    return page(t("Join this workspace"), body, language, 403 if wrong else 200)


def reset_page(language: str, token: str, account: Account, wrong: Problem | None = None) -> HTMLResponse:
    t = Words(language)
    body = (
        f'<div class="card">{MARK}<h1>{t("Choose a new password")}</h1>'
        f'<p class="soft">{t("For {name}. You will be signed out everywhere else.", name=account.name)}</p>'
        f'{said(wrong, language)}<form method="post" action="/invitation/{escape(token)}">'
        f'<input type="hidden" name="name" autocomplete="username" value="{escape(account.name)}">'
        f'{_new_password(t)}<button class="main">{t("Save")}</button></form></div>'
    )
    return page(t("Choose a new password"), body, language, 403 if wrong else 200)


def closed_page(language: str, wrong: Problem) -> HTMLResponse:
    """A link that is good for nothing."""
    t = Words(language)
    told = wrong.describe(language)
    body = (
        f'<div class="card">{MARK}<h1>{escape(told.message)}</h1><p class="soft">{escape(told.hint)}</p>'
        f'<a class="button" href="/sign-in">{t("Sign in")}</a></div>'
    )
    return page(t("Join this workspace"), body, language, 403)
