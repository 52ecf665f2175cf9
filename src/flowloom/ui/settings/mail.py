"""The e-mail account that GPTs send from: an address and a password, the rest is known or guessed."""

import asyncio
from collections.abc import Callable

import streamlit as st

from flowloom.errors import FlowloomError, MailError
from flowloom.kinds.mail import Mail
from flowloom.services.mail.settings import PASSWORD, MailAccount, Security, account_for
from flowloom.ui.messages import show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

PROBLEM, TESTED, TESTING = "mail_problem", "mail_tested", "mail_testing"
SECURITY: dict[Security, str] = {
    "tls": "TLS",
    "starttls": "STARTTLS",
    "none": "None, only on this computer",
}


def draw_mail() -> None:
    account = workspace().mailer.account
    if account.address:
        _draw_account(account)
    else:
        st.caption(t("For blocks that send email. Without an account they create drafts for your mail app."))
        _draw_new()
    if problem := st.session_state.get(PROBLEM):
        show_problem(problem)


def _draw_new() -> None:
    st.text_input(t("Your email address"), placeholder="anna@example.org", key="mail_address")
    _password_field(t("Password"))
    st.button(t("Save email account"), key="mail_keep", on_click=lambda: _try(_begin))


def _password_field(label: str) -> None:
    st.text_input(
        label,
        type="password",
        autocomplete="off",
        help=t("Gmail, Outlook, iCloud, Yahoo and QQ need an app password. Create one in your account’s settings."),
        key="mail_password",
    )


def _begin() -> None:
    workspace().mail_changed(account_for(st.session_state["mail_address"]))
    _keep_password()


def _draw_account(account: MailAccount) -> None:
    with st.expander(f"`{account.address}`", icon=":material/mail:", key=f"mail:{account.address}"):
        if workspace().secrets.has(PASSWORD):
            st.markdown(":green[:material/check_circle: " + t("A password is saved, encrypted.") + "]")
        _password_field(t("Replace password"))
        st.button(t("Save password"), key="mail_replace", on_click=lambda: _try(_keep_password))
        _draw_server(account)
        _draw_test(account)
        st.button(
            t("Remove account"), icon=":material/delete:", type="tertiary", key="mail_remove", on_click=_remove
        )


def _draw_server(account: MailAccount) -> None:
    server, port = st.columns([3, 1])
    with server:
        _text(account, "server", t("Server"), account.server)
    with port:
        _text(account, "port", t("Port"), str(account.port))
    options, key = list(SECURITY), f"mail_security:{hash(account)}"
    st.selectbox(
        t("Security"),
        options,
        index=options.index(account.security),
        format_func=lambda choice: t(SECURITY[choice]),
        key=key,
        on_change=lambda: _try(lambda: _change(account, security=st.session_state[key])),
    )
    _text(account, "user", t("User name"), account.user, account.address)


def _text(account: MailAccount, name: str, label: str, value: str, placeholder: str = "") -> None:
    # A key of its own for each state of the account, so that what was refused is not shown as kept.
    key = f"mail_{name}:{hash(account)}"
    st.text_input(
        label,
        value,
        placeholder=placeholder,
        key=key,
        on_change=lambda: _try(lambda: _change(account, **{name: st.session_state[key].strip()})),
    )


def _draw_test(account: MailAccount) -> None:
    st.button(
        t("Send a test email"),
        icon=":material/outgoing_mail:",
        key="mail_test",
        on_click=lambda: st.session_state.update({TESTING: True}),
    )
    if st.session_state.pop(TESTING, False):
        with st.spinner(t("Sending")):
            _try(lambda: _test(account))
    if st.session_state.pop(TESTED, False):
        st.success(t("Sent. Check your inbox."))


def _test(account: MailAccount) -> None:
    mail = Mail(to=(account.address,), subject="Flowloom", text=t("It works. Your GPTs can send email."))
    asyncio.run(workspace().mailer.send(mail))
    st.session_state[TESTED] = True


def _keep_password() -> None:
    value = st.session_state["mail_password"].strip()
    # The page must not hold on to what was typed.
    st.session_state["mail_password"] = ""
    if value:
        workspace().secrets.set(PASSWORD, value)


def _change(account: MailAccount, **changes: str) -> None:
    try:
        changed = MailAccount.model_validate({**account.model_dump(), **changes})
    except ValueError:
        raise MailError(
            "A server looks like smtp.example.org. A port is a number, such as 465.",
            "Look for SMTP in your provider’s help pages.",
            code="mail.server",
        ) from None
    workspace().mail_changed(changed)


def _remove() -> None:
    workspace().secrets.delete(PASSWORD)
    workspace().mail_changed(MailAccount())


def _try(work: Callable[[], None]) -> None:
    st.session_state.pop(PROBLEM, None)
    try:
        work()
    except FlowloomError as error:
        st.session_state[PROBLEM] = error.problem
