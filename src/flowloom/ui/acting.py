"""Who of a team sits at this page, and what is theirs; nobody in particular where there is no team."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from flowloom.errors import StoreError
from flowloom.people.problems import NOT_SIGNED_IN, NOT_YOURS, PeopleError
from flowloom.serve.host_names import split_host
from flowloom.services.files import private_folder
from flowloom.store.accounts import Account
from flowloom.store.flows import FlowEntry
from flowloom.workspace import Workspace, workspace

_team: list[bool] = []
"""Holds something once this process serves a team."""


def begin_team(home: Workspace) -> None:
    """From now on, every page belongs to somebody."""
    _team.append(True)
    home.team.act(me)


def end_team(home: Workspace) -> None:
    """Undo `begin_team`, for tests."""
    _team.clear()
    home.team.act(lambda: None)


def is_team() -> bool:
    return bool(_team)


def me() -> Account | None:
    """Who sits here; None where there is no team, or no page. Raises PeopleError once they are signed out."""
    if not _team or get_script_run_ctx() is None:
        return None
    present = workspace().team.sessions.who(token_here())
    if present is None or not present.account.builds:
        raise PeopleError.from_problem(NOT_SIGNED_IN)
    return present.account


def forget_another(account: Account | None) -> None:
    """Let go of what this window remembers of somebody who sat here before."""
    now = account.id if account else ""
    if st.session_state.setdefault("whose_window", now) != now:
        st.session_state.clear()
        st.session_state["whose_window"] = now


def token_here() -> str:
    """What the browser of this page brought when it connected."""
    port = split_host(st.context.headers.get("Host") or "")[1] or "web"
    cookies, name = st.context.cookies, f"flowloom-team-{port}"
    return cookies.get(f"__Host-{name}") or cookies.get(name) or ""


def is_admin() -> bool:
    """Whether whoever sits here may set what counts for all."""
    account = me()
    return account is None or account.is_admin


def my_gpts() -> list[FlowEntry]:
    """The GPTs of whoever sits here, the one changed last first."""
    home = workspace()
    is_mine = home.belongings.gpts_of_whoever_acts()
    return [entry for entry in home.flows.entries() if is_mine(entry.id)]


def require_mine(flow_id: str) -> str:
    """The id of a GPT that is theirs; another’s is as one that is not there. Raises StoreError."""
    account = me()
    if account is not None and not workspace().team.may_build(account, "gpt", flow_id):
        raise StoreError(NOT_YOURS.message, NOT_YOURS.hint, code=NOT_YOURS.code)
    return flow_id


def my_bases() -> Callable[[str], bool]:
    """Which shared knowledge bases are theirs, by the id."""
    account = me()
    return workspace().team.those_of(account, "base") if account else lambda id: True


def my_connections() -> Callable[[str], bool]:
    """Which accounts at other services are theirs, by the id."""
    account = me()
    return workspace().team.those_of(account, "connection") if account else lambda id: True


def my_folder() -> Path:
    """Where what they prefer is kept."""
    account = me()
    folder = workspace().belongings.folder_of(account.id if account else "")
    if account:
        private_folder(folder)
    return folder
