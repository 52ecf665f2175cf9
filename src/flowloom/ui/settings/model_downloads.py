"""A model file by its address: what is there is shown, a person says yes, and a bar tells how far it is."""

from pathlib import Path

import streamlit as st

from flowloom.errors import FlowloomError, Problem
from flowloom.services.models.local.downloads import Download
from flowloom.services.models.local.offers import Offer
from flowloom.services.models.local.packaged import SHORT_LIST, Packaged, fetch
from flowloom.ui.formatting import size_of
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

LOOK_EVERY = 1.0
"""Seconds between two looks at one under way."""
OFFERED, FAILED = "model_offered", "model_address_failed"


def draw_downloads() -> Path | None:
    """The field for an address, and all that come or came in part; a file that has just come whole, once."""
    fetched = None
    with st.expander(t("Download a model file"), icon=":material/download:"):
        for model in SHORT_LIST:
            fetched = _draw_packaged(model) or fetched
        _draw_address()
    if fetched:
        return fetched
    store = workspace().model_downloads
    found = store.all()
    come = next((each for each in found if each.state == "done" and each.path), None)
    if come:
        store.forget(come)
        return come.path
    if any(each.under_way for each in found):
        st.fragment(_draw_all, run_every=LOOK_EVERY)()
    else:
        _draw_all()
    return None


def _draw_packaged(model: Packaged) -> Path | None:
    """One of the short list, which a click fetches and verifies."""
    facts = t("{size}, licence {license}, verified by its SHA-256", size=size_of(model.size), license=model.license)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(model.name)}**  \n:gray[{plain(facts)}]", width="stretch")
        wanted = st.button(
            t("Download {size}", size=size_of(model.size)),
            icon=":material/download:",
            key=f"fetch_model:{model.package}",
        )
    st.caption(t("A very small model: it is there to try things out, and often gets facts wrong."))
    if not wanted:
        return None
    try:
        with st.spinner(t("Fetching the model. This can take some minutes…")):
            return fetch(model, workspace().home / "models")
    except FlowloomError as error:
        show_problem(error.problem)
    return None


def _draw_address() -> None:
    st.caption(
        t(
            "Enter the address of a file that ends in .gguf. Its size and licence are shown first; nothing is "
            "downloaded before you say so."
        )
    )
    with st.form("model_address", border=False):
        st.text_input(t("Address"), placeholder="https://example.com/model.gguf", key="model_url")
        st.text_input(
            t("SHA-256 (optional)"),
            key="model_sha256",
            help=t("The page of the model often shows it. With it, a file that was changed is refused."),
        )
        if st.form_submit_button(t("See what is there"), icon=":material/search:"):
            _look(st.session_state["model_url"].strip(), st.session_state["model_sha256"])
    failed: Problem | None = st.session_state.get(FAILED)
    if failed:
        show_problem(failed)
    offer: Offer | None = st.session_state.get(OFFERED)
    if offer:
        _draw_offer(offer)


def _look(address: str, sha256: str) -> None:
    for name in (OFFERED, FAILED):
        st.session_state.pop(name, None)
    if not address:
        st.session_state[FAILED] = Problem.of("model.address", "Enter the address of a model file.")
        return
    try:
        with st.spinner(t("Looking at the address…")):
            st.session_state[OFFERED] = workspace().model_downloads.look(address, sha256)
    except FlowloomError as error:
        st.session_state[FAILED] = error.problem


def _draw_offer(offer: Offer) -> None:
    license = plain(offer.license) if offer.license else t("not told; see the page of the model")
    lines = [
        f"**{plain(offer.name or offer.file)}**",
        t("File: {file}, {size}, from {host}", file=plain(offer.file), size=size_of(offer.size), host=offer.host),
        t("Licence: {license}", license=license),
        t("It is verified by its SHA-256.")
        if offer.sha256
        else t("Without a SHA-256 nobody can tell whether the file was changed. Use only places you trust."),
    ]
    st.markdown("  \n".join(lines))
    with st.container(horizontal=True):
        st.button(
            t("Download {size}", size=size_of(offer.size)),
            type="primary",
            icon=":material/download:",
            key="model_download",
            on_click=lambda: _start(offer),
        )
        st.button(t("Cancel"), key="model_download_cancel", on_click=lambda: st.session_state.pop(OFFERED, None))


def _start(offer: Offer) -> None:
    st.session_state.pop(OFFERED, None)
    workspace().model_downloads.start(offer)


def _draw_all() -> None:
    found = workspace().model_downloads.all()
    for each in found:
        _draw_one(each)
    if any(each.state == "done" for each in found):
        st.rerun()


def _draw_one(download: Download) -> None:
    offer, store = download.offer, workspace().model_downloads
    said = t("{done} of {size}", done=size_of(download.done), size=size_of(offer.size))
    if download.state == "checking":
        said = t("Checking the file…")
    st.progress(min(download.done / max(1, offer.size), 1.0), f"{plain(offer.file)} · {said}")
    if download.problem:
        show_problem(download.problem)
    with st.container(horizontal=True):
        if download.under_way:
            st.button(t("Stop"), key=f"stop_model:{offer.file}", on_click=lambda: store.stop(download))
            return
        st.button(
            t("Continue"),
            key=f"continue_model:{offer.file}",
            icon=":material/download:",
            on_click=lambda: _start(offer),
        )
        st.button(
            t("Delete"),
            key=f"forget_model:{offer.file}",
            icon=":material/delete:",
            type="tertiary",
            on_click=lambda: store.forget(download),
        )
