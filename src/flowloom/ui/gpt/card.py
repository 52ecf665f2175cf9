"""The card of a GPT on My GPTs: its picture, when it was used, its star and folder, and what one may do with it."""

from typing import NamedTuple

import streamlit as st

from flowloom.flow.edit import Describe
from flowloom.store.flows import FlowEntry
from flowloom.store.shelf import Place
from flowloom.ui.dialogs import draw_dialog, open_dialog
from flowloom.ui.edits import change
from flowloom.ui.formatting import ago, count_of, moment_of
from flowloom.ui.gpt.diagrams import draw_picture
from flowloom.ui.gpt.exporting import export_rows
from flowloom.ui.gpt.fidelity import draw_kept_report
from flowloom.ui.gpt.opening import open_gpt
from flowloom.ui.menu import draw_more
from flowloom.ui.messages import draw_title, name_of, plain
from flowloom.ui.session import t
from flowloom.workspace import workspace

DIALOGS = ("details", "export", "report")


class Marks(NamedTuple):
    """What else a card tells of its GPT."""

    is_double: bool = False
    """Another GPT has the same name: then the times are told to the minute."""
    is_imported: bool = False
    is_published: bool = False


def draw_card(entry: FlowEntry, place: Place, marks: Marks) -> None:
    with st.container(horizontal=True, vertical_alignment="center", wrap=False, gap="small"):
        draw_title(entry.icon, entry.picture, entry.name)
        _star(entry, place)
    if entry.nodes:
        draw_picture(workspace().flows.load(entry.id))
    st.markdown(plain(entry.description[:180]) or f":gray[{t('No description yet')}]")
    st.caption(" · ".join(_facts(entry, place, marks)))
    with st.container(horizontal=True):
        st.button(t("Open"), key=f"open:{entry.id}", type="primary", on_click=lambda: open_gpt(entry.id))
        _menu(entry, marks)
    key = f"name:{entry.id}"
    draws = {
        "details": (t("Name and folder"), lambda: _draw_details(entry, place, key)),
        "export": (t("Export"), lambda: export_rows(entry.id, entry.name, f"export:{entry.id}")),
        "report": (t("Import report"), lambda: draw_kept_report(entry.id, entry.name, f"report:{entry.id}")),
    }
    for name, (title, draw) in draws.items():
        draw_dialog(f"{name}:{entry.id}", title, draw)


def _star(entry: FlowEntry, place: Place) -> None:
    label = t("Remove from favourites") if place.favourite else t("Add to favourites")
    st.button(
        label,
        icon=":material/star:" if place.favourite else ":material/star_border:",
        type="tertiary",
        help=label,
        key=f"icon_star:{entry.id}:{place.favourite}",
        on_click=lambda: workspace().shelf.favour(entry.id, not place.favourite),
    )


def _facts(entry: FlowEntry, place: Place, marks: Marks) -> list[str]:
    if marks.is_double:
        when = t("Changed {when}", when=moment_of(entry.updated_at))
    elif place.used > entry.updated_at:
        when = t("Used {when}", when=ago(place.used))
    else:
        when = t("Changed {when}", when=ago(entry.updated_at))
    folder = [f":material/folder: {plain(place.folder)}"] if place.folder else []
    published = [f":material/public: {t('Published')}"] if marks.is_published else []
    return [*published, *folder, when, count_of("block", entry.nodes)]


def _menu(entry: FlowEntry, marks: Marks) -> None:
    labels = {
        "details": ":material/edit: " + t("Name and folder"),
        "duplicate": ":material/content_copy: " + t("Duplicate"),
        "export": ":material/download: " + t("Export"),
        **({"report": ":material/move_to_inbox: " + t("Import report")} if marks.is_imported else {}),
        "delete": ":material/delete: " + t("Delete"),
    }
    draw_more(f"more:{entry.id}", labels, lambda choice: _do(entry, choice))


def _do(entry: FlowEntry, choice: str) -> None:
    if choice in DIALOGS:
        open_dialog(f"{choice}:{entry.id}")
    elif choice == "duplicate":
        workspace().intake.duplicate(entry.id, t("{name} (copy)", name=name_of(entry.name))[:120])
    else:
        _delete(entry)


def _folder(entry: FlowEntry, place: Place) -> None:
    folders = {each.folder for each in workspace().shelf.all().values() if each.folder}
    options = sorted(folders | ({place.folder} if place.folder else set()), key=str.casefold)
    key = f"folder:{entry.id}:{place.folder}"
    st.selectbox(
        t("Folder"),
        options,
        index=options.index(place.folder) if place.folder else None,
        placeholder=t("Type a name for a new one"),
        accept_new_options=True,
        key=key,
        on_change=lambda: workspace().shelf.put(entry.id, st.session_state[key] or ""),
    )


def _draw_details(entry: FlowEntry, place: Place, key: str) -> None:
    st.text_input(t("Name"), entry.name, max_chars=120, key=key, on_change=lambda: _rename(entry, key))
    _folder(entry, place)


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
