"""Taking in a GPT that somebody exported, here or from another builder: what is in it is told before it is kept."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, NamedTuple

import streamlit as st

from flowloom.differences import differences
from flowloom.errors import FlowloomError, Problem
from flowloom.exchange.capsule import ENDING, Capsule
from flowloom.exchange.drawing import Imported
from flowloom.exchange.foreign import importer_for, importers, read_foreign
from flowloom.exchange.locking import is_locked
from flowloom.exchange.share_card import flow_in_png
from flowloom.exchange.source import MAX_BYTES, READ, Source
from flowloom.file_exchange import (
    Taken,
    add_as_block,
    earlier,
    is_capsule,
    opened,
    ours,
    renew,
    take_in,
    take_in_foreign,
)
from flowloom.flow.file import is_flow_file, read_flow
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds, label_of
from flowloom.locales import Verbatim
from flowloom.store.uploads import Upload
from flowloom.ui.chat.documents import keep_import_notes
from flowloom.ui.dialogs import close_dialog
from flowloom.ui.drop_zone import draw_drop_zone, forget_files
from flowloom.ui.formatting import count_of
from flowloom.ui.gpt.capsule_face import draw_capsule, draw_face, what_it_may
from flowloom.ui.gpt.chatgpt_form import draw_chatgpt_form
from flowloom.ui.gpt.fidelity import draw_fidelity
from flowloom.ui.gpt.from_stores import show_wanted
from flowloom.ui.gpt.opening import open_gpt
from flowloom.ui.messages import name_of, names_of_gpts, plain, show_problem
from flowloom.ui.panels import look_at
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

MOST_CHANGES = 12
DIALOG = "import"
WAYS = {"file": "A file", "text": "Pasted text", "form": "A ChatGPT GPT"}
ENDINGS = sorted({*(ending.removeprefix(".") for ending in READ), ENDING.removeprefix("."), "zip", "png"})


class Brought(NamedTuple):
    """What was chosen or pasted: a file of ours, or what was read of another builder's."""

    key: str
    own: Callable[[], AbstractContextManager[IO[bytes]]] | None = None
    """Opens it."""
    foreign: Imported | None = None


def draw_import() -> None:
    way = st.segmented_control(
        t("Import from"),
        list(WAYS),
        default="file",
        required=True,
        format_func=lambda choice: t(WAYS[choice]),
        key="import_way",
    )
    if way != "form":
        builders = ", ".join(importer.name for importer in importers())
        st.caption(
            t("A GPT file, or a flow of another builder: {names}. Importing won’t run anything.", names=builders)
        )
    show_wanted()
    try:
        ways = {"file": _brought_files, "text": _brought_text, "form": _brought_form}
        brought = ways[way]()
        if brought:
            _draw_brought(brought)
    except FlowloomError as error:
        show_problem(error.problem)


def _brought_files() -> Brought | None:
    files = draw_drop_zone(DIALOG, ENDINGS)
    st.caption(t("For a flow that is a folder, drop its files together, or the folder as a zip."))
    if not files:
        return None
    last = files[-1]
    with last.path.open("rb") as file:
        if is_locked(file):
            return _unlocked(file, last.id)
        # Whoever chose the wrong file first chooses another one beside it.
        if is_capsule(file):
            return Brought(last.id, own=lambda: last.path.open("rb"))
    data = _data_of(last)
    if held := flow_in_png(data):
        return Brought(last.id, own=lambda: BytesIO(held))
    if is_flow_file(data):
        return Brought(last.id, own=lambda: BytesIO(data))
    key = " ".join(file.id for file in files)
    together = Source({file.name: _data_of(file) for file in files})
    alone = len(files) == 1 or importer_for(together) is None
    name = PurePosixPath(last.name).name
    return Brought(key, foreign=_read(key, lambda: Source.of_data(data, name) if alone else together))


def _data_of(file: Upload) -> bytes:
    """A file that is no capsule, as far as any such is read."""
    with file.path.open("rb") as opened_file:
        return opened_file.read(MAX_BYTES + 1)


def _unlocked(file: IO[bytes], file_id: str) -> Brought | None:
    """The capsule within a locked one, once its password is there. Raises FlowFileError for a wrong one."""
    password = st.text_input(t("Password of the capsule"), type="password", key="import_password")
    kept = st.session_state.get("import_unlocked")
    if not kept or kept[:2] != (file_id, password):
        if not password:
            st.info(t("This capsule is locked. Enter its password."), icon=":material/lock:")
            return None
        with st.spinner(t("Opening the capsule…")):
            kept = (file_id, password, opened(file, password))
        st.session_state["import_unlocked"] = kept
    capsule: IO[bytes] = kept[2]
    capsule.seek(0)
    return Brought(file_id, own=lambda: nullcontext(capsule))


def _brought_text() -> Brought | None:
    text = st.text_area(
        t("Text"),
        height=220,
        placeholder='{"name": "…", "instructions": "…"}',
        key="import_text",
        help=t("The whole text of an exported file, or the program that Agent Builder shows as code."),
    )
    if not text.strip():
        return None
    data, key = text.encode(), f"text {hash(text)}"
    if is_flow_file(data):
        return Brought(key, own=lambda: BytesIO(data))
    return Brought(key, foreign=_read(key, lambda: Source.of_data(data)))


def _brought_form() -> Brought | None:
    text = draw_chatgpt_form()
    key = f"form {hash(text)}"
    return Brought(key, foreign=_read(key, lambda: Source.of_data(text.encode()))) if text else None


def _read(key: str, source: Callable[[], Source]) -> Imported:
    """What a builder's flow became, read once for each that is brought. Raises FlowFileError."""
    kept: tuple[str, Imported] | None = st.session_state.get("import_read")
    if kept is None or kept[0] != key:
        kept = (key, read_foreign(source()))
        st.session_state["import_read"] = kept
    return kept[1]


def _draw_brought(brought: Brought) -> None:
    failed, problem = st.session_state.get("import_problem", (None, None))
    if problem and failed == brought.key:
        show_problem(problem)
        return
    onto = None
    with st.container(border=True, key="import_found"):
        if brought.foreign:
            onto = _draw_foreign(brought.foreign)
        elif brought.own:
            with brought.own() as file:
                onto = _draw_own(file)
    within = None if onto else _choose_place()
    label = t("Update this GPT") if onto else t("Import this file")
    st.button(label, type="primary", key="import_go", on_click=lambda: _take_in(brought, onto, within))


def _choose_place() -> str | None:
    """The GPT that it shall be a block of, or none."""
    names = names_of_gpts()
    if not names:
        return None
    chosen: str = st.selectbox(
        t("Import as"),
        ["", *names],
        format_func=lambda id: t("A block of “{name}”", name=names[id]) if id else t("A GPT of its own"),
        key="import_within",
        help=t("As a block, it also stays among your GPTs, where you can change it."),
    )
    return chosen or None


def _draw_own(file: IO[bytes]) -> str | None:
    """What a file of ours holds, and the GPT it shall renew. Raises FlowFileError."""
    if is_capsule(file):
        with Capsule(file) as capsule:
            flow = capsule.flow
            draw_capsule(capsule)
    else:
        flow = read_flow(file.read())
        draw_face(flow, [count_of("block", len(flow.nodes)), *what_it_may(flow)])
    return _choose_earlier(ours(flow))


def _draw_foreign(imported: Imported) -> str | None:
    """What was read of another builder's flow; the GPT it shall renew, where one came from it before."""
    flow, report = imported
    made = t("Made with {builder}", builder=plain(report.format))
    draw_face(flow, [f"{made} · {count_of('block', len(flow.nodes))}", *what_it_may(flow)])
    draw_fidelity(report)
    return _choose_earlier(imported)


def _choose_earlier(imported: Imported) -> str | None:
    """The GPT that came from the same flow before and shall be renewed, or none; what is new is said."""
    home = workspace()
    is_mine = home.belongings.gpts_of_whoever_acts()
    known = [flow for flow in earlier(home, imported) if is_mine(flow.id)]
    if not known:
        return None
    names = {each.id: name_of(each.name) for each in known}
    chosen: str = st.radio(
        t("You imported this flow before."),
        [*names, ""],
        format_func=lambda id: (
            t("Update “{name}” and keep my changes", name=names[id]) if id else t("Import it as another GPT")
        ),
        key="import_onto",
    )
    last = home.imports.of(chosen) if chosen else None
    if last:
        changes = differences(last.original, imported.flow, language())
        st.markdown(
            "\n".join(f"- {plain(change)}" for change in changes[:MOST_CHANGES]) or t("Nothing has changed.")
        )
        if len(changes) > MOST_CHANGES:
            st.caption(t("And {count} more.", count=len(changes) - MOST_CHANGES))
    return chosen or None


def _take_in(brought: Brought, onto: str | None, within: str | None) -> None:
    try:
        taken, notes = _taken(brought, onto)
        block = add_as_block(workspace().editor.open(within), taken.flow) if within else None
    except FlowloomError as error:
        st.session_state["import_problem"] = (brought.key, error.problem)
        return
    keep_import_notes(taken.flow.id, notes)
    close_dialog()
    forget_files(DIALOG)
    open_gpt(within or taken.flow.id)
    if within and block:
        look_at(block)


def _taken(brought: Brought, onto: str | None) -> tuple[Taken, list[Problem]]:
    home = workspace()
    if onto:
        taken, clashes = _renewed(brought, onto)
        return taken, [*taken.notes, *([kept_ours(taken.flow, clashes)] if clashes else [])]
    if brought.foreign:
        taken = take_in_foreign(home, brought.foreign)
    else:
        with _opened(brought) as file:
            taken = take_in(home, file)
    return taken, list(taken.notes)


def _renewed(brought: Brought, onto: str) -> tuple[Taken, list[str]]:
    home = workspace()
    document = home.editor.open(onto)
    if brought.foreign:
        return renew(home, document, brought.foreign)
    with _opened(brought) as file:
        if not is_capsule(file):
            return renew(home, document, ours(read_flow(file.read())))
        with Capsule(file) as capsule:
            return renew(home, document, ours(capsule.flow), capsule)


def _opened(brought: Brought) -> AbstractContextManager[IO[bytes]]:
    assert brought.own is not None
    return brought.own()


def kept_ours(flow: Flow, clashes: Sequence[str]) -> Problem:
    """Say which blocks were changed here and in the new file, so that one may look at them."""
    kinds = all_kinds()
    nodes = [node for id in clashes if (node := flow.node(id))]
    names = ", ".join(dict.fromkeys(str(label_of(node, kinds)) for node in nodes)) or ", ".join(clashes)
    return Problem.of(
        "import.clashes",
        "Changed here and in the new file, so yours was kept: {names}.",
        "The version from before is in History.",
        names=Verbatim(names),
    ).as_warning()
