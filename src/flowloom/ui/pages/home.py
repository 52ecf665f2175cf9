"""My GPTs: what there is, and every way to begin a new one."""

from collections import Counter
from collections.abc import Mapping

import streamlit as st

from flowloom.store.flows import FlowEntry
from flowloom.store.shelf import Place
from flowloom.ui.acting import me, my_gpts
from flowloom.ui.dialogs import draw_dialog, open_dialog
from flowloom.ui.drop_zone import forget_files, take_dropped
from flowloom.ui.gpt.card import Marks, draw_card
from flowloom.ui.gpt.describe import draw_wish
from flowloom.ui.gpt.finding import find_near, in_order
from flowloom.ui.gpt.from_stores import take_wanted
from flowloom.ui.gpt.importing import DIALOG as IMPORTING
from flowloom.ui.gpt.importing import ENDINGS, draw_import
from flowloom.ui.gpt.opening import create_empty, open_gpt
from flowloom.ui.gpt.published_address import own_address
from flowloom.ui.gpt.templates import show_templates
from flowloom.ui.gpt.tour import offer_tour
from flowloom.ui.messages import draw_title, name_of, plain
from flowloom.ui.session import language, language_choice, t
from flowloom.workspace import workspace

COLUMNS = 3
SHOWN = 9
"""GPTs drawn at first, favourites and those used last before others; the rest come by a button."""
FAVOURITES = "*"
"""Stands among the folders for those with a star."""


def show() -> None:
    if take_wanted():
        open_dialog(IMPORTING)
    _header()
    _undo_bar()
    draw_wish()
    entries = my_gpts()
    if entries:
        _cards(entries)
    else:
        _first_steps()
    _shared()
    offer_tour(is_empty=not entries)
    show_templates()
    if st.session_state.get("dialog") != IMPORTING:
        take_dropped(IMPORTING, ENDINGS, lambda: open_dialog(IMPORTING))


def _header() -> None:
    title, ways = st.columns([1, 1], vertical_alignment="bottom")
    title.title(t("My GPTs"), anchor=False)
    with ways.container(horizontal=True, horizontal_alignment="right", vertical_alignment="bottom"):
        language_choice("home_language")
        st.button(t("New GPT"), icon=":material/add:", type="primary", key="new_gpt", on_click=_create)
        st.button(
            t("Import"),
            icon=":material/upload_file:",
            key="import_gpt",
            on_click=lambda: open_dialog(IMPORTING),
        )
    if st.session_state.get("dialog") == IMPORTING:
        st.session_state["import_opened"] = True
    elif st.session_state.pop("import_opened", False):
        forget_files(IMPORTING)
    draw_dialog(IMPORTING, t("Import a GPT"), draw_import, width="large")


def _create() -> None:
    open_gpt(create_empty(language()).id)


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


def _cards(entries: list[FlowEntry]) -> None:
    places = workspace().shelf.all()
    here = _in_folder(entries, places)
    search = _search_field(here)
    found = in_order(_found(here, search), places)
    near = find_near(here, search, besides=found) if search else []
    shown = found[: st.session_state.setdefault("gpts_shown", SHOWN)]
    _grid(shown, entries, places)
    if len(found) > len(shown):
        st.button(t("Show more"), key="gpts_more", icon=":material/expand_more:", on_click=_show_more)
    if near:
        st.caption(t("Similar in meaning"))
        _grid(near, entries, places)
    elif not found:
        st.caption(t("Nothing found."))


def _grid(shown: list[FlowEntry], entries: list[FlowEntry], places: Mapping[str, Place]) -> None:
    names = Counter(name_of(entry.name).strip().casefold() for entry in entries)
    imported = workspace().imports.reported()
    published = workspace().publications.shared()
    for start in range(0, len(shown), COLUMNS):
        for column, entry in zip(st.columns(COLUMNS), shown[start : start + COLUMNS], strict=False):
            with column.container(border=True, height="stretch"):
                is_double = names[name_of(entry.name).strip().casefold()] > 1
                marks = Marks(is_double, entry.id in imported, entry.id in published)
                draw_card(entry, places.get(entry.id, Place()), marks)


def _in_folder(entries: list[FlowEntry], places: Mapping[str, Place]) -> list[FlowEntry]:
    """Those of the folder that is chosen; without folders and favourites there is nothing to choose."""
    here = [places.get(entry.id, Place()) for entry in entries]
    folders = sorted({place.folder for place in here if place.folder}, key=str.casefold)
    options = [*([FAVOURITES] if any(place.favourite for place in here) else []), *folders]
    if not options:
        return entries
    chosen = st.pills(
        t("Folder"),
        options,
        format_func=_folder_label,
        label_visibility="collapsed",
        key=f"gpts_folder:{len(options)}",
    )
    if chosen == FAVOURITES:
        return [entry for entry in entries if places.get(entry.id, Place()).favourite]
    return [entry for entry in entries if not chosen or places.get(entry.id, Place()).folder == chosen]


def _folder_label(name: str) -> str:
    return f":material/star: {t('Favourites')}" if name == FAVOURITES else f":material/folder: {plain(name)}"


def _search_field(entries: list[FlowEntry]) -> str:
    """What is searched for; there is a field once a page no longer holds them all."""
    if len(entries) <= 2 * COLUMNS:
        return ""
    search = st.text_input(
        t("Search GPTs"), placeholder=t("Search GPTs"), icon=":material/search:", label_visibility="collapsed"
    )
    return search.strip()


def _found(entries: list[FlowEntry], search: str) -> list[FlowEntry]:
    """Those whose name or description says it to the letter."""
    wanted = search.casefold()
    return [entry for entry in entries if wanted in f"{entry.name} {entry.description}".casefold()]


def _show_more() -> None:
    st.session_state["gpts_shown"] += 4 * SHOWN


def _shared() -> None:
    """In a team: what others let one use."""
    account = me()
    found = workspace().visits.shared_with(account) if account else []
    if not found:
        return
    st.subheader(t("Shared with you"), anchor=False)
    for start in range(0, len(found), COLUMNS):
        for column, each in zip(st.columns(COLUMNS), found[start : start + COLUMNS], strict=False):
            with column.container(border=True, height="stretch"):
                draw_title(each.flow.icon, each.flow.picture, each.flow.name)
                st.markdown(plain(each.flow.description[:180]) or f":gray[{t('No description yet')}]")
                st.link_button(t("Chat"), own_address(each.publication.slug), icon=":material/forum:")


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
