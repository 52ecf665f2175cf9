"""What is in a file that somebody brought, shown before any of it is kept."""

from collections.abc import Sequence

import streamlit as st

from flowloom.exchange.capsule import Capsule
from flowloom.exchange.contents import Example, Label, Manifest, Needs
from flowloom.exchange.packing import needs_of
from flowloom.exchange.signing import Signed
from flowloom.flow.model import Flow, SavedAnswer
from flowloom.gallery.abilities import ABILITIES, effects_of
from flowloom.services.models.settings import ROLES
from flowloom.ui.formatting import count_of
from flowloom.ui.gpt.diagrams import draw_picture
from flowloom.ui.messages import draw_title, plain
from flowloom.ui.session import t
from flowloom.workspace import workspace

NAMED = 5
"""Documents, models and servers that are told by name."""
HOSTS = 30
"""Hosts that are told by name: the one that matters should not stand behind the others."""
PICTURE, BLOCK = 640, 150
"""Pixels that the drawing of a flow may take, and those of a block in a small one."""
SAVED = 50
"""Saved answers that are shown."""
SHOWN, LETTERS = 8, 600
"""Turns of an example chat that are shown, and letters of each."""


def draw_capsule(capsule: Capsule) -> None:
    """Raises FlowFileError where an example chat is none."""
    flow, manifest = capsule.flow, capsule.manifest
    lines = [count_of("block", len(flow.nodes)), *_documents(manifest), *what_it_may(flow, manifest.needs)]
    draw_face(flow, [*lines, *_labels(manifest.label, capsule.signed)])
    for number, example in enumerate(capsule.examples(), 1):
        with st.expander(t("Example chat {number}", number=number), icon=":material/forum:"):
            _draw_example(example)


def _draw_example(example: Example) -> None:
    for turn in example.said[:SHOWN]:
        with st.chat_message("user" if turn.role == "user" else "assistant"):
            st.markdown(plain(turn.text[:LETTERS]) + ("…" if len(turn.text) > LETTERS else ""))
    if len(example.said) > SHOWN:
        st.caption(t("And {count} more.", count=len(example.said) - SHOWN))


def draw_face(flow: Flow, lines: Sequence[str]) -> None:
    draw_title(flow.icon, flow.picture, flow.name)
    if flow.description:
        st.caption(plain(flow.description))
    with st.container(width=min(PICTURE, BLOCK * max(2, len(flow.nodes)))):
        draw_picture(flow)
    for line in lines:
        st.markdown(f"- {line}")
    _draw_pairs(t("Saved answers ({count})", count=len(flow.saved_answers)), "bookmark", flow.saved_answers)
    _draw_pairs(t("Examples ({count})", count=len(flow.examples)), "format_quote", flow.examples)


def _draw_pairs(title: str, icon: str, pairs: Sequence[SavedAnswer]) -> None:
    """What it would say without a model, or its models go by, as plain text: whoever made the file wrote it."""
    if not pairs:
        return
    with st.expander(title, icon=f":material/{icon}:"):
        for saved in pairs[:SAVED]:
            st.markdown(f"**{plain(saved.question)}**")
            st.markdown(plain(saved.answer[:LETTERS]) + ("…" if len(saved.answer) > LETTERS else ""))
        if len(pairs) > SAVED:
            st.caption(t("And {count} more.", count=len(pairs) - SAVED))


def what_it_may(flow: Flow, claimed: Needs | None = None) -> list[str]:
    """What a GPT can do, where data can go and what is lacking here: by its blocks, whatever its file claims."""
    needs, home = needs_of(flow), workspace()
    claimed = claimed or Needs()
    abilities = " · ".join(t(ABILITIES[effect]) for effect in effects_of(flow))
    said = [t("What it can do: {abilities}", abilities=abilities)] if abilities else []
    known = {*ROLES, *home.models.settings.choices()}
    if models := {*needs.models, *claimed.models} - known:
        lacking = sorted(plain(model.partition("/")[2] or model) for model in models)
        said.append(
            t(
                "Needs these models, which aren’t set up here: {models}. Until then, choose another.",
                models=_some(lacking),
            )
        )
    if hosts := [plain(t(host)) for host in sorted({*needs.hosts, *claimed.hosts})]:
        said.append(t("Can send data to: {hosts}", hosts=_some(hosts, HOSTS)))
    if servers := {*needs.servers, *claimed.servers}:
        said.append(t("Uses the MCP servers: {names}", names=_some(sorted(map(plain, servers)))))
    if lacking := sorted(map(plain, servers - {*home.mcp.servers.aliases})):
        said.append(t("MCP servers that aren’t connected here: {names}", names=_some(lacking)))
    return said


def _documents(manifest: Manifest) -> list[str]:
    """What came of documents, and what did not."""
    whole = [plain(each.name) for each in manifest.documents if not each.only_index]
    indexed = [plain(each.name) for each in manifest.documents if each.only_index]
    said = [f"{count_of('document', len(whole))}: {_some(whole)}"] if whole else []
    if indexed:
        count = count_of("document", len(indexed))
        said += [
            t("Search index of {documents}: {names}", documents=count, names=_some(indexed)),
            t("The original files are not included. It can be asked, and shows the passages it finds."),
        ]
    return said


def _labels(label: Label, signed: Signed | None) -> list[str]:
    """Who made it, and whether that can be relied on."""
    said = [t("Author: {name}", name=plain(label.author))] if label.author else []
    said += [f"<{label.link}>"] if label.link else []
    said += [t("Licence: {licence}", licence=plain(label.licence))] if label.licence else []
    said += [t("Version: {version}", version=plain(label.edition))] if label.edition else []
    said += [t("Price: {price}", price=plain(label.price))] if label.price else []
    if signed:
        said.append(
            ":green[:material/verified:] "
            + t("Unchanged since its author signed it (key {key})", key=plain(signed.fingerprint))
        )
    return said


def _some(names: list[str], most: int = NAMED) -> str:
    more = f" {t('And {count} more.', count=len(names) - most)}" if len(names) > most else ""
    return ", ".join(names[:most]) + more
