"""The shared knowledge bases as cards, and a way to begin one."""

from collections.abc import Mapping

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.services.knowledge.shared import SharedBase
from flowloom.ui.acting import my_bases
from flowloom.ui.formatting import count_of
from flowloom.ui.knowledge.changing import draw_base_menu
from flowloom.ui.messages import name_of, plain, show_problem
from flowloom.ui.session import language_choice, open_base, t
from flowloom.workspace import workspace

COLUMNS = 3
SHOWN = 30
GPTS_NAMED = 4


def draw_cards() -> None:
    bases = [base for base in workspace().shared.all() if my_bases()(base.id)]
    _header()
    deleted = st.session_state.pop("base_deleted", None)
    if deleted:
        st.success(t("“{name}” was deleted.", name=plain(deleted)), icon=":material/delete:")
    if not bases:
        _nothing_yet()
        return
    used = workspace().searched.users_of_shared()
    shown = bases[: st.session_state.setdefault("bases_shown", SHOWN)]
    for start in range(0, len(shown), COLUMNS):
        for column, base in zip(st.columns(COLUMNS), shown[start : start + COLUMNS], strict=False):
            with column.container(border=True, height="stretch"):
                _card(base, used)
    if len(bases) > len(shown):
        st.button(t("Show more"), key="bases_more", icon=":material/expand_more:", on_click=_show_more)


def _show_more() -> None:
    st.session_state["bases_shown"] += SHOWN


def _header() -> None:
    title, ways = st.columns([1, 1], vertical_alignment="bottom")
    title.title(t("Knowledge"), anchor=False)
    with ways.container(horizontal=True, horizontal_alignment="right", vertical_alignment="bottom"):
        language_choice("knowledge_language")
        with st.popover(t("New knowledge base"), icon=":material/add:", type="primary", key="new_base"):
            _draw_new()
    st.caption(
        t("Documents that several GPTs can search. Documents for one GPT are in its Search knowledge block.")
    )


def _draw_new() -> None:
    with st.form("new_base_form", border=False):
        st.text_input(t("Name"), max_chars=80, placeholder=t("Staff handbook"), key="base_name")
        st.form_submit_button(t("Create"), type="primary", on_click=_create)
    problem = st.session_state.pop("base_problem", None)
    if problem:
        show_problem(problem)


def _create() -> None:
    try:
        made = workspace().shared.create(st.session_state["base_name"])
        workspace().team.owners.begun("base", made.id)
        open_base(made.id)
    except FlowloomError as error:
        st.session_state["base_problem"] = error.problem


def _nothing_yet() -> None:
    with st.container(border=True):
        st.subheader(t("Documents for all your GPTs"), anchor=False)
        steps = (
            t("Create a knowledge base, such as Staff handbook."),
            t("Add files, paste text, or enter a website address."),
            t("Try a question and see which passages are found and why."),
            t("Choose it in a **Search knowledge** block of any GPT."),
        )
        st.markdown("\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1)))


def _card(base: SharedBase, used: Mapping[str, list[str]]) -> None:
    files = workspace().knowledge.files(base.key)
    users = used.get(base.id, [])
    st.markdown(f"#### :material/library_books: {plain(base.name)}")
    passages = sum(file.passages for file in files)
    st.caption(count_of("document", len(files)) + " · " + count_of("passage", passages))
    st.markdown(who_uses(users))
    if base.tags:
        st.markdown(" ".join(f":gray-badge[{plain(tag)}]" for tag in base.tags))
    with st.container(horizontal=True):
        st.button(t("Open"), key=f"open_base:{base.id}", type="primary", on_click=lambda: open_base(base.id))
        draw_base_menu(base, users)


def who_uses(users: list[str]) -> str:
    """Which GPTs search a base, in a sentence."""
    if not users:
        return f":gray[{t('Not used by any GPT yet')}]"
    named = [plain(name_of(name)) for name in users[:GPTS_NAMED]] + ["…"] * (len(users) > GPTS_NAMED)
    return t("Used by {names}", names=", ".join(named))
