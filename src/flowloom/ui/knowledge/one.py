"""One shared knowledge base: its documents, trying a question, and how it is cut."""

import streamlit as st

from flowloom.services.knowledge.files import FileInfo
from flowloom.services.knowledge.shared import SharedBase
from flowloom.ui.formatting import count_of, date_of
from flowloom.ui.knowledge.adding import draw_site, draw_text
from flowloom.ui.knowledge.cards import who_uses
from flowloom.ui.knowledge.changing import draw_base_menu, draw_tags
from flowloom.ui.knowledge.documents import draw_rows, draw_uploads, facts_of_file
from flowloom.ui.knowledge.preparation import draw_preparation
from flowloom.ui.knowledge.question import draw_question
from flowloom.ui.knowledge.readers import draw_readers, groups_in
from flowloom.ui.knowledge.splitting import draw_cutting
from flowloom.ui.messages import plain
from flowloom.ui.session import t
from flowloom.workspace import workspace

PARTS = {"documents": "Documents", "question": "Try a question", "cutting": "How documents are split"}
ICONS = {"documents": "description", "question": "quiz", "cutting": "content_cut"}


def draw_base(base: SharedBase) -> None:
    files = workspace().knowledge.files(base.key)
    _header(base, files)
    part = st.segmented_control(
        t("View"),
        list(PARTS),
        default="documents",
        required=True,
        format_func=lambda name: f":material/{ICONS[name]}: {t(PARTS[name])}",
        key=f"base_part:{base.id}",
        label_visibility="collapsed",
    )
    if part == "question":
        draw_question(base, files)
    elif part == "cutting":
        draw_cutting(base, files)
    else:
        _draw_documents(base, files)


def _header(base: SharedBase, files: list[FileInfo]) -> None:
    st.button(
        t("All knowledge bases"), icon=":material/arrow_back:", type="tertiary", key="all_bases", on_click=_close
    )
    used = workspace().searched.gpts_using(base.id)
    title, ways = st.columns([3, 1], vertical_alignment="bottom")
    title.title(plain(base.name), anchor=False)
    with ways.container(horizontal=True, horizontal_alignment="right"):
        draw_base_menu(base, used)
    passages = count_of("passage", sum(file.passages for file in files))
    facts = f"{count_of('document', len(files))} · {passages} · {who_uses(used)}"
    tags = " ".join(f":gray-badge[{plain(tag)}]" for tag in base.tags)
    words = f" :blue-badge[{t('searched by words')}]" if workspace().knowledge.matches_by_words else ""
    st.markdown(f"{facts} {tags}{words}")


def _close() -> None:
    st.session_state.pop("base", None)


def _draw_documents(base: SharedBase, files: list[FileInfo]) -> None:
    there, adding = st.columns([3, 2], gap="large")
    with there:
        if not files:
            st.info(
                t("It’s empty. Add a file, paste text or add a website, then try a question."),
                icon=":material/lightbulb:",
            )
        draw_preparation(base.key)
        found = _found(base, files)
        known = sorted({tag for file in files for tag in file.tags})
        draw_rows(base.key, found, _facts, lambda file: _more(base, file, known, groups_in(files)))
    is_read = workspace().crawls.of(base.key) is not None
    with adding:
        files_first = st.container()
        with st.expander(t("Paste text"), icon=":material/content_paste:", key=f"paste:{base.id}"):
            draw_text(base.key)
        with st.expander(t("Add a website"), icon=":material/language:", key=f"site:{base.id}", expanded=is_read):
            draw_site(base.key)
    # Drawn last, as reading what was given holds up what comes after it.
    with files_first:
        draw_uploads(base.key)


def _found(base: SharedBase, files: list[FileInfo]) -> list[FileInfo]:
    """Those a search by name or tag leaves; there is one once there are many."""
    if len(files) < 10:
        return files
    label = t("Search documents")
    search = st.text_input(
        label, placeholder=label, icon=":material/search:", label_visibility="collapsed", key=f"find:{base.id}"
    )
    wanted = search.strip().casefold()
    found = [file for file in files if wanted in " ".join([file.name, *file.tags]).casefold()]
    if not found:
        st.caption(t("Nothing found."))
    return found


def _facts(file: FileInfo) -> str:
    tags = " · ".join(plain(tag) for tag in file.tags)
    added = t("added on {date}", date=date_of(file.added_at.timestamp()))
    return f"{facts_of_file(file)} · {added}" + (f" · :material/sell: {tags}" if tags else "")


def _more(base: SharedBase, file: FileInfo, tags: list[str], groups: list[str]) -> None:
    _tags(base, file, tags)
    draw_readers(base.key, file, groups)


def _tags(base: SharedBase, file: FileInfo, known: list[str]) -> None:
    key = f"file_tags:{base.id}:{file.name}"
    with st.popover(t("Tags"), icon=":material/sell:", type="tertiary", key=f"{key}:menu"):
        draw_tags(key, file.tags, known, lambda tags: workspace().knowledge.set_tags(base.key, file.name, tags))
