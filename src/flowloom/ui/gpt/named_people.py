"""Naming those of a team who may use what is published: people, and groups."""

from typing import Any

import streamlit as st

from flowloom.store.publications import Terms
from flowloom.ui.session import t
from flowloom.workspace import workspace


def draw_named(terms: Terms, key: str) -> dict[str, Any]:
    """What the terms say of them after this."""
    accounts = {each.id: each.shown for each in workspace().team.accounts.all() if each.closed is None}
    people = st.multiselect(
        t("People"),
        list(accounts),
        [id for id in terms.people if id in accounts],
        format_func=lambda id: accounts.get(id, ""),
        placeholder=t("Choose people"),
        key=f"{key}_people",
    )
    groups = workspace().team.accounts.groups()
    chosen = st.multiselect(
        t("Groups"),
        groups,
        [name for name in terms.groups if name in groups],
        placeholder=t("Choose groups"),
        help=t("Everyone in them may use it, also who joins them later."),
        key=f"{key}_groups",
        disabled=not groups,
    )
    return {"people": tuple(people), "groups": tuple(chosen)}
