"""My GPTs: what there is, and every way to begin a new one."""

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.flow.edit import Describe
from flowloom.flow.model import Flow
from flowloom.store.flows import FlowEntry
from flowloom.ui.changing import change
from flowloom.ui.exporting import export_rows
from flowloom.ui.figures import ago, count_of
from flowloom.ui.pictures import draw_picture
from flowloom.ui.session import language, language_choice, open_gpt, t
from flowloom.ui.speech import icon_of, name_of, plain, show_problem
from flowloom.ui.templates import show_templates
from flowloom.ui.tour import offer_tour
from flowloom.ui.wish import draw_wish
from flowloom.workspace import workspace

COLUMNS = 3
SHOWN = 9
"""GPTs drawn at first, the one changed last before others; the rest come by a button."""


def show() -> None:
    _header()
    _undo_bar()
    draw_wish()
    entries = workspace().flows.entries()
    if entries:
        _cards(_found(entries))
    else:
        _first_steps()
    offer_tour(is_empty=not entries)
    show_templates()


def _header() -> None:
    title, ways = st.columns([1, 1], vertical_alignment="bottom")
    title.title(t("My GPTs"), anchor=False)
    with ways.container(horizontal=True, horizontal_alignment="right", vertical_alignment="bottom"):
        language_choice("home_language")
        st.button(t("New GPT"), icon=":material/add:", type="primary", key="new_gpt", on_click=_create)
        with st.popover(t("Import"), icon=":material/upload_file:"):
            _import()


def _create() -> None:
    fresh = Flow.model_validate({"name": t("New GPT"), "language": language()})
    open_gpt(workspace().flows.create(fresh).id)


def _import() -> None:
    st.caption(t("Choose an exported GPT file. Importing won’t run anything."))
    file = st.file_uploader(t("GPT file"), type=["json"], key="import_file", max_upload_size=20)
    if not file:
        return
    st.button(t("Import this file"), type="primary", key="import_go", on_click=_take_in)
    file_id, problem = st.session_state.get("import_problem", (None, None))
    if problem and file_id == file.file_id:
        show_problem(problem)


def _take_in() -> None:
    file = st.session_state["import_file"]
    if file is None:
        return
    try:
        for note in workspace().import_notes(file.getvalue()):
            st.toast(str(note.describe(language())), icon=":material/info:", duration="long")
        open_gpt(workspace().import_flow(file.getvalue()).id)
    except FlowloomError as error:
        st.session_state["import_problem"] = (file.file_id, error.problem)


def _undo_bar() -> None:
    deleted: FlowEntry | None = st.session_state.get("deleted")
    if not deleted:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="undo_bar"):
        st.markdown(t("“{name}” was deleted.", name=plain(name_of(deleted.name))))
        st.button(t("Undo"), icon=":material/undo:", key="undo_delete", on_click=lambda: _restore(deleted.id))
        st.button(t("Close"), type="tertiary", key="undo_close", on_click=_forget_deleted)


def _restore(flow_id: str) -> None:
    workspace().flows.restore(flow_id)
    _forget_deleted()


def _forget_deleted() -> None:
    st.session_state.pop("deleted", None)


def _found(entries: list[FlowEntry]) -> list[FlowEntry]:
    """Those a search by name or description leaves; there is one once a page no longer holds them all."""
    if len(entries) <= 2 * COLUMNS:
        return entries
    search = st.text_input(
        t("Search GPTs"), placeholder=t("Search GPTs"), icon=":material/search:", label_visibility="collapsed"
    )
    wanted = search.strip().casefold()
    found = [entry for entry in entries if wanted in f"{entry.name} {entry.description}".casefold()]
    if not found:
        st.caption(t("Nothing found."))
    return found


def _cards(entries: list[FlowEntry]) -> None:
    shown = entries[: st.session_state.setdefault("gpts_shown", SHOWN)]
    for start in range(0, len(shown), COLUMNS):
        for column, entry in zip(st.columns(COLUMNS), shown[start : start + COLUMNS], strict=False):
            with column.container(border=True, height="stretch"):
                _card(entry)
    if len(entries) > len(shown):
        st.button(t("Show more"), key="gpts_more", icon=":material/expand_more:", on_click=_show_more)


def _show_more() -> None:
    st.session_state["gpts_shown"] += 4 * SHOWN


def _card(entry: FlowEntry) -> None:
    st.markdown(f"#### {icon_of(entry.icon)} {plain(name_of(entry.name))}")
    if entry.nodes:
        draw_picture(workspace().flows.load(entry.id))
    st.markdown(plain(entry.description[:180]) or f":gray[{t('No description yet')}]")
    st.caption(t("Changed {when}", when=ago(entry.updated_at)) + " · " + count_of("block", entry.nodes))
    with st.container(horizontal=True):
        st.button(t("Open"), key=f"open:{entry.id}", type="primary", on_click=lambda: open_gpt(entry.id))
        with st.popover(t("More"), icon=":material/more_horiz:", key=f"more:{entry.id}"):
            _more(entry)


def _more(entry: FlowEntry) -> None:
    key = f"name:{entry.id}"
    st.text_input(t("Name"), entry.name, max_chars=120, key=key, on_change=lambda: _rename(entry, key))
    st.button(
        t("Duplicate"),
        icon=":material/content_copy:",
        key=f"copy:{entry.id}",
        width="stretch",
        on_click=lambda: _duplicate(entry),
    )
    st.button(
        t("Delete"),
        icon=":material/delete:",
        key=f"delete:{entry.id}",
        width="stretch",
        on_click=lambda: _delete(entry),
    )
    st.caption(t("Export"))
    export_rows(entry.id, entry.name, f"export:{entry.id}")


def _duplicate(entry: FlowEntry) -> None:
    workspace().duplicate(entry.id, t("{name} (copy)", name=name_of(entry.name))[:120])


def _rename(entry: FlowEntry, key: str) -> None:
    name = st.session_state[key].strip()
    # Streamlit also calls back for a widget that has gone, say with the GPT it named.
    if name != entry.name:
        change(entry.id, Describe(changes={"name": name}))


def _delete(entry: FlowEntry) -> None:
    workspace().flows.delete(entry.id)
    st.session_state["deleted"] = entry
    if st.session_state.get("gpt") == entry.id:
        del st.session_state["gpt"]


def _first_steps() -> None:
    with st.container(border=True):
        st.subheader(t("Create your first GPT"), anchor=False)
        st.markdown(
            "\n".join(
                (
                    "1. " + t("Pick a template below, or start with an empty canvas."),
                    "2. " + t("Drag blocks onto the canvas and connect them."),
                    "3. " + t("Chat with your GPT next to the canvas and watch it work, block by block."),
                )
            )
        )
        st.caption(t("You don’t need an account or a key: a practice model is built in."))
