"""GPTs that are asked each new message of a mail folder: the list, what failed, and a form for a new one."""

import streamlit as st
from pydantic import ValidationError

from flowloom.errors import FlowloomError
from flowloom.services.mail.folders import MailBox
from flowloom.services.mail.settings import Security
from flowloom.store.mail_folders import MailFolder, Taken
from flowloom.ui.edits import attempt
from flowloom.ui.formatting import ago
from flowloom.ui.messages import names_of_gpts, plain, show_problem
from flowloom.ui.runs.gpt_choice import choose_gpt, look_at_run
from flowloom.ui.runs.trigger_actions import Now, Trigger, draw_actions
from flowloom.ui.session import t
from flowloom.ui.settings.mail import SECURITY
from flowloom.workspace import workspace

PORTS: dict[Security, int] = {"tls": 993, "starttls": 143, "none": 143}
ASKED = "{{from}}: {{subject}}\n\n{{text}}"
SHOWN = 20
"""Messages that failed, of one folder."""


def draw_mail_folders() -> None:
    st.caption(
        t(
            "A GPT is asked for each message that arrives in a folder from now on. Nothing in the folder is "
            "changed, each message counts once, and attachments are left out."
        )
    )
    names = names_of_gpts()
    is_mine = workspace().belongings.gpts_of_whoever_acts()
    found = [folder for folder in workspace().mail_folders.store.all() if is_mine(folder.flow)]
    for folder in found:
        _draw_one(folder, names)
    with st.expander(t("New mail folder"), icon=":material/add:", expanded=not found):
        _draw_new(names)


def _draw_one(folder: MailFolder, names: dict[str, str]) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(names.get(folder.flow, t('a deleted GPT')))}** · {plain(folder.box.folder)}")
        last = t("last checked {when}", when=ago(folder.last)) if folder.last else t("never checked")
        every = t("every {minutes} minutes", minutes=folder.minutes) if folder.active else t("switched off")
        st.caption(f"{plain(folder.box.user)} · {plain(folder.box.host)} · {every} · {last}")
        if folder.problem:
            show_problem(folder.problem)
        for taken in workspace().mail_folders.store.failures(folder.id, SHOWN):
            _draw_failure(taken)
        _draw_actions(folder)


def _draw_failure(taken: Taken) -> None:
    key = f"{taken.folder}:{taken.validity}:{taken.uid}"
    st.markdown(f"**{plain(taken.subject) or t('(no subject)')}** · {ago(taken.at)}")
    show_problem(taken.problem)
    with st.container(horizontal=True):
        st.button(
            t("Run again"),
            icon=":material/replay:",
            key=f"mail_again:{key}",
            on_click=lambda: attempt(lambda: workspace().mail_folders.run_again(taken)),
        )
        if taken.run:
            st.button(t("Open run"), key=f"mail_failed:{key}", on_click=look_at_run, args=(taken.run,))


def _draw_actions(folder: MailFolder) -> None:
    triggers, id = workspace().mail_folders, folder.id
    draw_actions(
        Trigger("mail", id, folder.active, triggers.store.last_run(id)),
        switch=lambda: triggers.switch(id, not folder.active),
        delete=lambda: triggers.delete(id),
        now=Now(t("Check now"), ":material/sync:", lambda: triggers.read_now(id)),
    )


def _draw_new(names: dict[str, str]) -> None:
    if not names:
        st.info(t("Make a GPT first."))
        return
    flow = choose_gpt(names, "mail_gpt")
    given = _draw_box()
    password = st.text_input(t("Password"), type="password", key="mail_password", autocomplete="off")
    message = st.text_area(
        t("What it is asked"),
        ASKED,
        key="mail_message",
        max_chars=20_000,
        help=t("An email has {{from}}, {{subject}} and {{text}}."),
    )
    minutes = st.number_input(t("Check every … minutes"), 1, 1_440, 5, key="mail_minutes")
    if st.button(t("Add mail folder"), icon=":material/mark_email_unread:", type="primary", key="mail_add"):
        _add(flow, message.strip(), given, password, int(minutes))


def _draw_box() -> dict[str, object]:
    host = st.text_input(t("IMAP server"), placeholder="imap.example.com", key="mail_host")
    kind, where = st.columns(2)
    security: Security = kind.selectbox(
        t("Security"), list(SECURITY), format_func=lambda choice: t(SECURITY[choice]), key="mail_security"
    )
    port = where.number_input(t("Port"), 1, 65_535, PORTS[security], key=f"mail_port:{security}")
    user = st.text_input(t("User name"), key="mail_user", autocomplete="off")
    folder = st.text_input(t("Folder"), "INBOX", key="mail_folder")
    return {
        "host": host.strip(),
        "port": int(port),
        "security": security,
        "user": user.strip(),
        "folder": folder.strip(),
    }


def _add(flow: str, message: str, given: dict[str, object], password: str, minutes: int) -> None:
    if not message:
        st.warning(t("Write what it shall be asked."))
        return
    try:
        box = MailBox.model_validate(given)
    except ValidationError:
        st.warning(t("Fill in the server, the user name and the folder."))
        return
    if not password:
        st.warning(t("Enter the password of the account."))
        return
    try:
        workspace().mail_folders.add(flow, message, box, password, minutes)
    except FlowloomError as error:
        show_problem(error.problem)
        return
    st.rerun()
