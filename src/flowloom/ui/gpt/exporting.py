"""The forms in which a GPT or a run leaves as a file of the person."""

from collections.abc import Sequence
from contextlib import suppress

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.exchange.capsule import ENDING
from flowloom.exchange.packing import CapsuleOptions, Knowledge, documents_of
from flowloom.exchange.personal_data import KEY, UNREAD, Place, personal_data_in
from flowloom.flow.model import Flow
from flowloom.nodes.logic.mask import LABELS
from flowloom.ui.download import File, file_stem, save_buttons
from flowloom.ui.formatting import count_of
from flowloom.ui.gpt.capsule_options import draw_capsule_options
from flowloom.ui.gpt.outgoing import draw_outgoing
from flowloom.ui.messages import name_of, plain
from flowloom.ui.session import t
from flowloom.workspace import workspace

MOST_PLACES = 6
FOUND = "There is personal data in what you export:"
HELD: dict[Knowledge, str] = {
    "sources": "The capsule holds: {names}. The flow file holds no documents.",
    "index": "The capsule holds the search index of {names}, not the original files. The text of the passages can "
    "still be read in it. The flow file holds no documents.",
    "none": "Neither the capsule nor the flow file holds documents.",
}
NAMED = 3
"""Documents that are told by name."""


def export_rows(flow_id: str, name: str, key: str) -> None:
    """One row for each form a GPT may leave in, and what each holds: nobody should find out from whoever got it."""
    stem = file_stem(name_of(name))
    found, restricted, only_indexed = _documents_of(flow_id)
    above = st.container()
    options = draw_capsule_options(flow_id, key, len(found))
    with above:
        _warn_of_personal_data(flow_id, options.examples if options else ())
    save_buttons(
        flow_id,
        [
            *([_capsule(stem, options, len(found))] if options else []),
            File(t("Flow file (JSON)"), "export/json", f"{stem}.flow.json", "description"),
            File(
                t("Share card (picture that holds the GPT)"),
                "export/card",
                f"{stem}.card.png",
                "badge",
                as_pixels=True,
                holds="export/json",
            ),
            File(t("Picture to print (SVG)"), "export/svg", f"{stem}.svg", "shapes"),
            File(t("Picture (PNG)"), "export/svg", f"{stem}.png", "image", as_pixels=True),
            File(t("Description in words (Markdown)"), "export/words", f"{stem}.md", "article"),
            File(t("Diagram as text (Mermaid)"), "export/mermaid", f"{stem}.mmd", "schema"),
        ],
        key,
        "rows",
    )
    if found and options:
        st.caption(t(HELD[options.knowledge], names=_told(found)))
    if only_indexed and options and options.knowledge == "sources":
        said = t(
            "Only as a search index, as the documents themselves aren’t here: {names}.", names=_told(only_indexed)
        )
        st.info(said, icon=":material/manage_search:")
    if restricted:
        st.warning(
            t("Not in the file, as only some people may read them: {names}.", names=_told(restricted)),
            icon=":material/folder_off:",
        )
    st.caption(t("Conversations, memory, keys and connections stay on this computer."))
    draw_outgoing(flow_id, stem, key, with_documents=bool(found))


def _capsule(stem: str, options: CapsuleOptions, documents: int) -> File:
    locked = [t("locked")] if options.password else []
    count = count_of("document", documents)
    held = {"sources": t("with {documents}", documents=count)} if documents else {}
    held |= {"index": t("with the search index of {documents}", documents=count)} if documents else {}
    return File(
        t("GPT in one file (capsule)"),
        "export/capsule",
        f"{stem}{ENDING}",
        "package_2",
        size=" · ".join([*([held[options.knowledge]] if options.knowledge in held else []), *locked]),
        options=options.model_dump_json(),
    )


def _warn_of_personal_data(flow_id: str, examples: Sequence[str]) -> None:
    """Name what tells who somebody is, and what looks like a key, before it leaves."""
    places: list[Place] = []
    with suppress(FlowloomError):
        places = [*_places_of(flow_id), *_places_in_chats(examples)]
    found = [place for place in places if place.counts.keys() - {UNREAD}]
    if found:
        told = "\n".join(f"- {_held(place)}" for place in found[:MOST_PLACES])
        more = [t("And {count} more.", count=len(found) - MOST_PLACES)] if len(found) > MOST_PLACES else []
        keys = any(KEY in place.counts for place in found)
        first = t("There are keys or passwords in what you export:" if keys else FOUND)
        st.warning("\n\n".join([first, told, *more]), icon=":material/person_alert:")
    if unread := [place.name for place in places if UNREAD in place.counts]:
        st.info(t("Too long to be checked to the end: {names}.", names=_told(unread)), icon=":material/rule:")


def _places_of(flow_id: str) -> list[Place]:
    """Looked for once for each state of the GPT and its documents: the page draws its exports each time."""
    home = workspace()
    flow = home.flows.load(flow_id)
    found, _ = documents_of(flow, home.knowledge)
    state = flow, [(each.name, each.file.hash) for each in found]
    kept: tuple[object, list[Place]] | None = st.session_state.get("personal_data")
    if kept is None or kept[0] != state:
        documents = ((each.name, home.knowledge.readable(each.key, each.file.name)) for each in found)
        kept = (state, personal_data_in(flow, documents))
        st.session_state["personal_data"] = kept
    return kept[1]


def _places_in_chats(conversations: Sequence[str]) -> list[Place]:
    """The same of the example chats that go along."""
    runs, name = workspace().runs, t("Example chats")
    said = [(name, "\n".join(turn.text for turn in runs.turns(each))) for each in conversations]
    return personal_data_in(Flow(), said) if said else []


def _held(place: Place) -> str:
    names = LABELS | {KEY: "key or password"}
    told = ((t(names[kind]), count) for kind, count in place.counts.items() if kind in names)
    counted = ", ".join(f"{label}: {count}" for label, count in told)
    return t("{place} ({data})", place=plain(place.name) or t("This GPT"), data=plain(counted))


def _told(names: Sequence[str]) -> str:
    return ", ".join(plain(name) for name in names[:NAMED]) + ("…" if len(names) > NAMED else "")


def _documents_of(flow_id: str) -> tuple[list[str], list[str], list[str]]:
    """The names of the documents that a capsule carries, of those that only some may read, and of those carried
    that are here as an index alone."""
    home = workspace()
    with suppress(FlowloomError):
        carried, restricted = documents_of(home.flows.load(flow_id), home.knowledge)
        only_indexed = [each.name for each in carried if each.file.only_passages]
        return [each.name for each in carried], restricted, only_indexed
    return [], [], []


def export_run(flow_id: str, run_id: str, name: str) -> None:
    """A button that saves all that is known of a run."""
    stem = f"{file_stem(name_of(name))}.run-{run_id[:8]}"
    file = File(t("Download as JSON"), f"runs/{run_id}/export/json", f"{stem}.json")
    save_buttons(flow_id, [file], f"export_run:{run_id}", "button")
