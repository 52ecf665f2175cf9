"""What a shared knowledge base is called, its tags, and deleting it."""

from collections.abc import Callable, Iterable

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.services.knowledge.shared import SharedBase
from flowloom.ui.acting import my_bases
from flowloom.ui.dialogs import close_dialog, draw_dialog, open_dialog
from flowloom.ui.formatting import count_of
from flowloom.ui.menu import draw_more
from flowloom.ui.messages import name_of, plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace


def draw_base_menu(base: SharedBase, users: list[str]) -> None:
    """A menu with the name and the tags of a base, and the way to delete it."""
    labels = {
        "details": ":material/edit: " + t("Name and tags"),
        "delete": ":material/delete: " + t("Delete"),
    }
    draw_more(f"more_base:{base.id}", labels, lambda choice: open_dialog(f"{choice}_base:{base.id}"))
    draw_dialog(f"details_base:{base.id}", t("Name and tags"), lambda: _draw_fields(base))
    draw_dialog(f"delete_base:{base.id}", t("Delete this knowledge base?"), lambda: _ask(base, users))


def _draw_fields(base: SharedBase) -> None:
    key = f"rename_base:{base.id}"
    st.text_input(t("Name"), base.name, max_chars=80, key=key, on_change=lambda: _rename(base, key))
    problem = st.session_state.pop(f"{key}:problem", None)
    if problem:
        show_problem(problem)
    known = (tag for each in workspace().shared.all() if my_bases()(each.id) for tag in each.tags)
    draw_tags(f"base_tags:{base.id}", base.tags, known, lambda tags: workspace().shared.set_tags(base.id, tags))


def draw_tags(key: str, tags: Iterable[str], known: Iterable[str], keep: Callable[[list[str]], object]) -> None:
    """A field for tags: those there are to choose from, and new ones."""
    mine = list(tags)
    st.multiselect(
        t("Tags"),
        sorted({*mine, *known}, key=str.casefold),
        mine,
        accept_new_options=True,
        max_selections=20,
        placeholder=t("Choose or type one"),
        key=key,
        on_change=lambda: _keep(key, keep),
    )


def _keep(key: str, keep: Callable[[list[str]], object]) -> None:
    keep([tag.strip()[:60] for tag in st.session_state[key] if tag.strip()])


def _rename(base: SharedBase, key: str) -> None:
    # Streamlit also calls back for a field that has gone.
    if st.session_state[key] == base.name:
        return
    try:
        workspace().shared.rename(base.id, st.session_state[key])
    except FlowloomError as error:
        st.session_state[f"{key}:problem"] = error.problem


def _ask(base: SharedBase, users: list[str]) -> None:
    files = workspace().knowledge.files(base.key)
    st.markdown(
        t(
            "“{name}” with {documents} will be deleted permanently.",
            name=plain(base.name),
            documents=count_of("document", len(files)),
        )
    )
    if users:
        names = ", ".join(plain(name_of(name)) for name in users)
        st.warning(t("These GPTs use it and will no longer find its documents: {names}", names=names))
    with st.container(horizontal=True):
        st.button(
            t("Delete permanently"),
            icon=":material/delete:",
            type="primary",
            key=f"delete_base_now:{base.id}",
            on_click=lambda: _delete(base),
        )
        st.button(t("Cancel"), key=f"keep_base:{base.id}", on_click=close_dialog)


def _delete(base: SharedBase) -> None:
    workspace().searched.delete_shared(base.id)
    st.session_state.pop("base", None)
    st.session_state["base_deleted"] = base.name
    close_dialog()
