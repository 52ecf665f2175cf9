"""The databases a person set up: to add, test and remove in Settings, and to choose in a block."""

import asyncio
from collections.abc import Callable
from typing import Any

import streamlit as st
from pydantic import ValidationError

from flowloom.errors import DatabaseError, FlowloomError
from flowloom.kinds.databases import PRACTICE
from flowloom.services.databases.settings import Database
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

KINDS = {"sqlite": "A file on this computer (SQLite)", "postgres": "A PostgreSQL server"}
PROBLEM = "database_problem"


def draw_database_choice(
    label: str, value: str, *, key: str, on_change: Callable[..., None], help: str | None
) -> None:
    """A choice among the databases there are; it speaks through `st.session_state[key]`."""
    known = {PRACTICE: t("Practice library"), **{each.id: each.label for each in _known()}}
    options = list(dict.fromkeys([*known, *([value] if value else [])]))
    st.selectbox(
        label,
        options,
        index=options.index(value) if value else None,
        format_func=lambda id: known.get(id, t("A deleted database")),
        key=key,
        on_change=on_change,
        help=help,
    )
    wish = f"{key}:tables"
    st.button(t("Show tables"), icon=":material/table:", type="tertiary", key=f"{key}:show", on_click=_toggle(wish))
    if value and st.session_state.get(wish):
        _draw_tables(value)


def _toggle(name: str) -> Callable[[], None]:
    return lambda: st.session_state.update({name: not st.session_state.get(name)})


def _draw_tables(id: str) -> None:
    try:
        st.code(asyncio.run(workspace().databases.tables(id)) or t("No tables."), language=None, wrap_lines=True)
    except FlowloomError as error:
        show_problem(error.problem)


def _known() -> tuple[Database, ...]:
    try:
        return workspace().databases.settings.databases
    except FlowloomError:
        return ()


def draw_databases() -> None:
    st.caption(
        t(
            "Databases your GPTs can query. They can only read, unless you allow more. A practice "
            "database is built in."
        )
    )
    try:
        known = workspace().databases.settings.databases
    except FlowloomError as error:
        show_problem(error.problem)
        return
    for database in known:
        with st.expander(f"**{plain(database.label)}**", icon=":material/database:", key=f"database:{database.id}"):
            _draw_one(database)
    with st.expander(t("Add database"), icon=":material/add:", key=f"add_database:{len(known)}"):
        _draw_new(len(known))


def _draw_one(database: Database) -> None:
    st.caption(f"{t(KINDS[database.kind])} · {plain(database.path or f'{database.host}:{database.port}')}")
    if database.kind == "postgres":
        _draw_password(database)
    st.toggle(
        t("GPTs can change data"),
        database.change,
        help=t("Only blocks that are set to change data can."),
        key=f"database_change:{database.id}:{database.change}",
        on_change=lambda: _keep_one(database.model_copy(update={"change": not database.change})),
    )
    wish = f"database_test:{database.id}"
    with st.container(horizontal=True):
        st.button(t("Test"), icon=":material/network_check:", key=f"{wish}:go", on_click=_toggle(wish))
        st.button(
            t("Remove database"),
            icon=":material/delete:",
            type="tertiary",
            key=f"remove_database:{database.id}",
            on_click=lambda: workspace().databases.delete(database.id),
        )
    if st.session_state.get(wish):
        _draw_tables(database.id)


def _keep_one(database: Database) -> None:
    workspace().databases.keep(database)


def _draw_password(database: Database) -> None:
    key = f"database_password:{database.id}"
    st.text_input(t("Replace password"), type="password", autocomplete="off", key=key)
    st.button(t("Save password"), key=f"{key}:keep", on_click=lambda: _keep_password(database, key))


def _keep_password(database: Database, key: str) -> None:
    workspace().databases.keep(database, st.session_state[key])
    # The page must not hold on to what was typed.
    st.session_state[key] = ""


def _draw_new(count: int) -> None:
    key = f"new_database:{count}"
    kinds = list(KINDS)
    kind: str = st.selectbox(t("Location"), kinds, format_func=lambda each: t(KINDS[each]), key=f"{key}:kind")
    names: dict[str, str] = {}

    def text(name: str, label: str, example: str = "", **more: Any) -> None:
        names[name] = f"{key}:{kind}:{name}"
        st.text_input(label, placeholder=example, key=names[name], **more)

    text("name", t("Name"), t("School library"))
    if kind == "sqlite":
        text("path", t("File"), "/home/anna/library.sqlite")
    else:
        text("host", t("Server"), "db.example.org")
        text("port", t("Port"), "5432")
        text("database", t("Database name"), "library")
        text("user", t("User name"))
        text("password", t("Password"), type="password", autocomplete="off")
        names["secure"] = f"{key}:secure"
        st.toggle(t("Require a secure connection (TLS)"), True, key=names["secure"])
    st.button(t("Save database"), type="primary", key=f"{key}:keep", on_click=lambda: _keep(kind, names))
    if problem := st.session_state.get(PROBLEM):
        show_problem(problem)


def _keep(kind: str, names: dict[str, str]) -> None:
    st.session_state.pop(PROBLEM, None)
    typed = {name: st.session_state.get(key, "") for name, key in names.items()}
    password = str(typed.pop("password", ""))
    given = {name: each.strip() if isinstance(each, str) else each for name, each in typed.items()}
    given = {name: each for name, each in given.items() if each != ""}
    try:
        if not given.get("path" if kind == "sqlite" else "database"):
            raise DatabaseError("Something is missing.", "Enter the location and name of the database.")
        workspace().databases.keep(Database.model_validate({"kind": kind, **given}), password)
    except ValidationError:
        st.session_state[PROBLEM] = DatabaseError("The port must be a number, such as 5432.", "Correct it.").problem
    except FlowloomError as error:
        st.session_state[PROBLEM] = error.problem
