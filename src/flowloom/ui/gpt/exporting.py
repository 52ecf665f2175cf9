"""The forms in which a GPT or a run leaves as a file of the person."""

from contextlib import suppress

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.ui.chat.documents import keys_searched
from flowloom.ui.download import File, save_buttons
from flowloom.ui.formatting import count_of
from flowloom.ui.messages import name_of, plain
from flowloom.ui.session import t
from flowloom.workspace import workspace

NAMED = 3
"""Documents that are told by name."""


def export_rows(flow_id: str, name: str, key: str) -> None:
    """One row for each form a GPT may leave in."""
    stem = file_stem(name_of(name))
    files = [
        File(t("Flow file (JSON)"), "export/json", f"{stem}.flow.json", "description"),
        File(t("Picture to print (SVG)"), "export/svg", f"{stem}.svg", "shapes"),
        File(t("Picture (PNG)"), "export/svg", f"{stem}.png", "image", as_pixels=True),
    ]
    save_buttons(flow_id, files, key, "rows")
    _say_left_out(flow_id)


def _say_left_out(flow_id: str) -> None:
    """What the flow file does not hold: nobody should find out from whoever imported it."""
    documents = _documents_of(flow_id)
    if documents:
        names = ", ".join(plain(name) for name in documents[:NAMED]) + ("…" if len(documents) > NAMED else "")
        st.warning(
            t(
                "Not in the file: {documents} ({names}). Send them along; the import asks for them.",
                documents=count_of("document", len(documents)),
                names=names,
            ),
            icon=":material/folder_off:",
        )
    st.caption(t("Conversations, memory, keys and connections stay on this computer."))


def _documents_of(flow_id: str) -> list[str]:
    """The names of the documents that a GPT searches."""
    names: dict[str, None] = {}
    with suppress(FlowloomError):
        for key in keys_searched(workspace().flows.load(flow_id)):
            names |= dict.fromkeys(file.name for file in workspace().knowledge.files(key))
    return list(names)


def export_run(flow_id: str, run_id: str, name: str) -> None:
    """A button that saves all that is known of a run."""
    stem = f"{file_stem(name_of(name))}.run-{run_id[:8]}"
    file = File(t("Download as JSON"), f"runs/{run_id}/export/json", f"{stem}.json")
    save_buttons(flow_id, [file], f"export_run:{run_id}", "button")


def file_stem(name: str) -> str:
    """The beginning of a file name that every system takes."""
    kept = "".join(letter if letter.isalnum() or letter in " -_" else "-" for letter in name).strip(" -")
    return kept[:60] or "gpt"
