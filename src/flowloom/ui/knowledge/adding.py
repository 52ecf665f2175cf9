"""Adding to a knowledge base what is no file: pasted text, and a web site."""

from pathlib import PurePath

import streamlit as st

from flowloom.errors import FlowloomError, KnowledgeError
from flowloom.services.knowledge.crawls import Crawl
from flowloom.services.knowledge.site_reader import Site
from flowloom.ui.formatting import count_of
from flowloom.ui.knowledge.documents import give
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

LOOK_EVERY = 1.0
"""Seconds after which the page asks how far a site is."""
LONGEST = 1_000_000
FAILED_SHOWN = 5


def draw_text(base: str) -> None:
    """Text that becomes a document with a name."""
    name, text = f"text_name:{base}", f"text:{base}"
    st.text_input(t("Document name"), max_chars=120, placeholder=t("Opening hours"), key=name)
    st.text_area(t("Text"), max_chars=LONGEST, height=160, key=text)
    st.caption(t("Replaces a document of the same name. Lines starting with # are headings."))
    _show_problem(f"{text}:problem")
    st.button(t("Add text"), key=f"add_{text}", type="primary", on_click=lambda: _add_text(base, name, text))


def _add_text(base: str, name_key: str, text_key: str) -> None:
    name, text = " ".join(st.session_state[name_key].split()).replace("/", "-"), st.session_state[text_key]
    if not name or not text.strip():
        error = KnowledgeError("Enter a name and some text.", "Fill in both, then add it again.")
        st.session_state[f"{text_key}:problem"] = error.problem
        return
    ending = "" if PurePath(name).suffix.lower() in (".md", ".txt") else ".md"
    give(base, [(f"{name}{ending}", text.encode())])
    st.session_state[name_key] = st.session_state[text_key] = ""


def draw_site(base: str) -> None:
    """A web site by its address: how far to go, how far it is, and stopping it."""
    crawl = workspace().crawls.of(base)
    if crawl and crawl.state == "reading":
        st.fragment(_follow, run_every=LOOK_EVERY)(base, crawl)
        return
    if crawl:
        _draw_ended(crawl)
    key = f"address:{base}"
    # The site read last stands there, to be mended or read again.
    last = crawl.site.address if crawl else ""
    st.text_input(t("Address"), last, placeholder="https://example.org/help", max_chars=2_000, key=key)
    depth, most = st.columns(2)
    depth.number_input(
        t("Links to follow"),
        0,
        10,
        2,
        key=f"depth:{base}",
        help=t("0 reads only this page, 1 also the pages it links to, and so on. Other websites are skipped."),
    )
    most.number_input(t("Maximum pages"), 1, 2_000, 100, key=f"most:{base}")
    _show_problem(f"{key}:problem")
    st.button(t("Add website"), key=f"read_{key}", type="primary", on_click=lambda: _begin(base, key))


def _begin(base: str, key: str) -> None:
    address = st.session_state[key].strip()
    site = Site(
        address=address if "://" in address else f"https://{address}",
        depth=st.session_state[f"depth:{base}"],
        most=st.session_state[f"most:{base}"],
    )
    try:
        if not address:
            raise KnowledgeError("The address is missing.", "Paste the page’s address from your browser.")
        workspace().crawls.begin(base, site)
    except FlowloomError as error:
        st.session_state[f"{key}:problem"] = error.problem


def _follow(base: str, crawl: Crawl) -> None:
    if crawl.state != "reading":
        st.rerun()
    ended = len(crawl.pages)
    st.progress(min(ended / crawl.site.most, 1.0), t("Reading “{file}”…", file=plain(crawl.now)))
    st.caption(t("{pages} so far, up to {most}.", pages=count_of("page", ended), most=crawl.site.most))
    st.button(t("Cancel"), icon=":material/close:", key=f"cancel_site:{base}", on_click=crawl.cancel)


def _draw_ended(crawl: Crawl) -> None:
    if crawl.problem:
        show_problem(crawl.problem)
        return
    count = {state: sum(page.state == state for page in crawl.pages) for state in ("done", "unchanged", "failed")}
    said = t(
        "{host}: {new} new or changed, {same} unchanged, {failed} couldn’t be read.",
        host=plain(crawl.site.address),
        new=count["done"],
        same=count["unchanged"],
        failed=count["failed"],
    )
    stopped = t("Cancelled. Pages read so far are kept.") + " " if crawl.state == "cancelled" else ""
    st.info(stopped + said, icon=":material/language:")
    for page in [page for page in crawl.pages if page.problem][:FAILED_SHOWN]:
        if page.problem:
            st.caption(plain(page.file))
            show_problem(page.problem)


def _show_problem(key: str) -> None:
    problem = st.session_state.pop(key, None)
    if problem:
        show_problem(problem)
