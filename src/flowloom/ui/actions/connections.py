"""Settings: the services a person signed in at; to add, test, renew and remove."""

import asyncio

import streamlit as st

from flowloom.errors import FlowloomError, Problem
from flowloom.services.connections.settings import Connection
from flowloom.ui.acting import is_admin, my_connections
from flowloom.ui.actions.making import KINDS, SECRETS, draw_making, draw_private
from flowloom.ui.actions.signing_in import draw_sign_in
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace


def draw_connections() -> None:
    try:
        is_mine = my_connections()
        known = [each for each in workspace().connections.settings.connections if is_mine(each.id)]
    except FlowloomError as error:
        show_problem(error.problem)
        return
    if not known:
        st.caption(
            t(
                "Services your GPTs can use with your key, such as a calendar or a shop. Keys are "
                "stored encrypted on this computer and only sent to their own service."
            )
        )
    for connection in known:
        with st.expander(f"**{plain(connection.label)}**", icon=":material/link:", key=f"c:{connection.id}"):
            _draw_one(connection)
    with st.expander(t("Add account"), icon=":material/add_link:", key=f"add_connection:{len(known)}"):
        draw_making({}, f"connection:{len(known)}", lambda made: None)


def _draw_one(connection: Connection) -> None:
    st.caption(f"{t(KINDS[connection.kind])} · {plain(connection.server.partition('://')[2])}")
    if connection.kind == "code":
        draw_sign_in(connection, "settings")
    if connection.kind in SECRETS:
        _draw_key(connection)
    key = f"connection_private:{connection.id}"
    draw_private(key, connection.private, lambda: _allow(connection, st.session_state[key]))
    _draw_test(connection)
    st.button(
        t("Remove account"),
        icon=":material/delete:",
        type="tertiary",
        key=f"remove_connection:{connection.id}",
        on_click=lambda: workspace().connections.delete(connection.id),
    )


def _draw_key(connection: Connection) -> None:
    if workspace().connections.has_secret(connection):
        st.markdown(":green[:material/check_circle: " + t("A key is saved, encrypted.") + "]")
    key = f"connection_key:{connection.id}"
    st.text_input(t("Replace key"), type="password", autocomplete="off", key=key)
    st.button(t("Save key"), key=f"{key}:keep", on_click=lambda: _replace(connection, key))


def _replace(connection: Connection, key: str) -> None:
    if st.session_state[key].strip():
        workspace().connections.keep(connection, st.session_state[key])
        st.session_state[key] = ""


def _allow(connection: Connection, private: bool) -> None:
    workspace().connections.keep(connection.model_copy(update={"private": private and is_admin()}))


def _draw_test(connection: Connection) -> None:
    path, wish = f"connection_path:{connection.id}", f"connection_testing:{connection.id}"
    result = f"connection_tested:{connection.id}"
    st.text_input(t("Page to test with"), "/", key=path, help=t("A page that only works with the key."))
    st.button(
        t("Test"),
        icon=":material/network_check:",
        key=f"test_connection:{connection.id}",
        on_click=lambda: st.session_state.update({wish: True}),
    )
    if st.session_state.get(wish):
        with st.spinner(t("Contacting the service…")):
            st.session_state[result] = _outcome(connection, st.session_state[path])
            del st.session_state[wish]
    found = st.session_state.get(result)
    if isinstance(found, Problem):
        show_problem(found)
    elif found in (401, 403):
        st.error(t("The service didn’t accept the key (error {status}). Paste it again.", status=found))
    elif found:
        st.success(t("The service answers (status {status}).", status=found))


def _outcome(connection: Connection, path: str) -> int | Problem:
    try:
        return asyncio.run(workspace().connections.test(connection.id, path))
    except FlowloomError as error:
        return error.problem
