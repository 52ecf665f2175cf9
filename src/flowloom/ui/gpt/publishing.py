"""Publishing a GPT: who may use it, what they get, where it stands, and the way back."""

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.flow.model import Flow
from flowloom.publishing import LONGEST
from flowloom.store.publications import Audience, Publication, PublishedVersion, Terms
from flowloom.ui.acting import is_team
from flowloom.ui.edits import attempt
from flowloom.ui.formatting import ago, lines_of
from flowloom.ui.gpt.api_access import draw_api_access
from flowloom.ui.gpt.diagrams import draw_side_by_side
from flowloom.ui.gpt.named_people import draw_named
from flowloom.ui.gpt.published_address import draw_address, draw_embedding, own_address
from flowloom.ui.gpt.store_review import draw_review
from flowloom.ui.gpt.store_shelf import draw_shelf
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

MOST_CHANGES = 12
VERSIONS = 12
"""Versions drawn; older ones are kept as well."""
AUDIENCES: dict[Audience, str] = {
    "link": "Anyone with the address",
    "store": "Everyone: it stands in the store",
    "me": "Only me, in this browser",
}
TEAM_AUDIENCES: dict[Audience, str] = {
    "me": "Only me",
    "people": "People I name",
    "workspace": "Everyone in this workspace",
    "link": "Anyone with the address",
    "store": "Everyone: it stands in the store",
}


def draw_publishing(flow: Flow) -> None:
    """The window: how a GPT is published, or what to choose before it is."""
    publication = workspace().publications.of(flow.id)
    if publication is None or not publication.live:
        _draw_first(flow, publication)
        return
    _draw_standing(flow, publication)
    address = own_address(publication.slug)
    share, embed, programs, terms, versions = st.tabs(
        [t("Share"), t("On a website"), t("For programs"), t("Who and what"), t("Versions")]
    )
    with share:
        draw_address(address)
    with embed:
        draw_embedding(publication)
    with programs:
        draw_api_access(flow.id, publication.slug)
    with terms:
        _draw_terms(flow, publication)
    with versions:
        _draw_versions(publication)


def _draw_first(flow: Flow, before: Publication | None) -> None:
    st.markdown(
        t(
            "Others get this GPT as it is now, at an address of its own. What you edit later changes nothing "
            "for them until you publish again."
        )
    )
    slug = _name_field(before.slug if before else workspace().publications.free_slug(flow), "publish_slug")
    terms = _terms_fields(before.terms if before else _first_terms(), flow, "publish")
    _draw_warnings(flow)
    if terms.audience == "store":
        draw_review(flow, "publish")
    if st.button(t("Publish"), icon=":material/public:", type="primary", key="publish_now", width="stretch"):
        _publish(flow, slug, terms)
    if before:
        st.caption(t("It was published before. Its versions are kept."))


def _first_terms() -> Terms:
    """In a team nothing is for the whole world unless somebody says so."""
    return Terms(audience="workspace" if is_team() else "link")


def _publish(flow: Flow, slug: str, terms: Terms, note: str = "") -> None:
    try:
        workspace().publications.publish(flow, slug, terms, note)
    except FlowloomError as error:
        show_problem(error.problem)
        return
    st.rerun()


def _draw_standing(flow: Flow, publication: Publication) -> None:
    """Which version others get, and what is different here."""
    (now,) = [each for each in workspace().publications.versions(flow.id) if each.number == publication.version]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(t("Published"), icon=":material/public:", color="green")
        st.caption(t("version {number}", number=now.number) + " · " + ago(now.at), width="content")
        st.button(
            t("Stop sharing"),
            icon=":material/public_off:",
            key="unpublish",
            on_click=lambda: attempt(lambda: workspace().publications.unpublish(flow.id)),
        )
    pending = workspace().publications.pending(flow, language())
    if not pending:
        return
    with st.container(border=True):
        st.markdown(f"**{t('Not published yet')}**")
        st.markdown("\n".join(f"- {plain(change)}" for change in pending[:MOST_CHANGES]))
        if len(pending) > MOST_CHANGES:
            st.caption(t("And {count} more.", count=len(pending) - MOST_CHANGES))
        served = workspace().publications.served(flow.id)
        if served:
            draw_side_by_side((t("Published"), served), (t("Draft"), flow))
        note = st.text_input(t("Note for this version"), max_chars=200, key=f"publish_note:{now.number}")
        _draw_warnings(flow)
        if publication.terms.audience == "store":
            draw_review(flow, "changes")
        if st.button(t("Publish these changes"), icon=":material/publish:", type="primary", key="publish_again"):
            _publish(flow, publication.slug, publication.terms, note)


def _draw_warnings(flow: Flow) -> None:
    """What others would miss or could not be asked."""
    for problem in workspace().publications.warnings(flow):
        show_problem(problem)


def _name_field(slug: str, key: str) -> str:
    return st.text_input(
        t("Name in the address"),
        slug,
        max_chars=LONGEST,
        key=f"{key}:{slug}",
        help=t("Letters, digits and hyphens. The address ends with it."),
    )


def _terms_fields(terms: Terms, flow: Flow, key: str) -> Terms:
    audiences = TEAM_AUDIENCES if is_team() else AUDIENCES
    audience: Audience = st.radio(
        t("Who may use it"),
        list(audiences),
        index=list(audiences).index(terms.audience if terms.audience in audiences else "me"),
        format_func=lambda each: t(audiences[each]),
        key=f"{key}_audience",
    )
    named = draw_named(terms, key) if audience == "people" else {}
    shelved = draw_shelf(terms, flow.id, key) if audience == "store" else {}
    may_copy = st.checkbox(
        t("They may see how it is made and take a copy"),
        terms.may_copy,
        key=f"{key}_copy",
        help=t("The copy holds its blocks, texts and documents, but no keys."),
    )
    hosts = _hosts_field(terms, flow, key)
    return terms.model_copy(update={"audience": audience, "may_copy": may_copy, "hosts": hosts, **named, **shelved})


def _hosts_field(terms: Terms, flow: Flow, key: str) -> tuple[str, ...]:
    """Where it may send what others write; nobody asks them while they chat."""
    hosts = workspace().hosts_of(flow)
    if not hosts:
        return ()
    chosen = st.multiselect(
        t("Where it may send what they write"),
        hosts,
        [host for host in hosts if host in terms.hosts],
        format_func=t,
        key=f"{key}_hosts:{hosts}",
        placeholder=t("Nowhere"),
        help=t(
            "They aren’t asked while they chat, so you decide here. What you allowed in your own chat counts too."
        ),
    )
    return tuple(chosen)


def _draw_terms(flow: Flow, publication: Publication) -> None:
    slug = _name_field(publication.slug, "terms_slug")
    terms = _terms_fields(publication.terms, flow, "terms")
    sites = st.text_area(
        t("Websites that may show it"),
        "\n".join(publication.terms.origins),
        placeholder="https://www.example.org",
        key="terms_sites",
        help=t("One address per line. Only these can show the chat inside their pages."),
    )
    served = workspace().publications.served(flow.id)
    if terms.audience == "store" and served:
        draw_review(served, "terms")
    if st.button(t("Save"), icon=":material/save:", key="terms_save"):
        _change(publication, slug, sites, terms)


def _change(publication: Publication, slug: str, sites: str, terms: Terms) -> None:
    try:
        changed = terms.with_sites(lines_of(sites))
        workspace().publications.change(publication.flow, slug, changed)
    except FlowloomError as error:
        show_problem(error.problem)
        return
    st.toast(t("Saved."), icon=":material/check:")
    st.rerun()


def _draw_versions(publication: Publication) -> None:
    for version in workspace().publications.versions(publication.flow)[:VERSIONS]:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(_told(version), width="stretch")
            if version.number == publication.version:
                st.badge(t("Published"), color="green")
            else:
                st.button(
                    t("Go back to it"),
                    icon=":material/restore:",
                    key=f"roll_back:{version.number}",
                    on_click=_roll_back,
                    args=(publication.flow, version.number),
                )


def _told(version: PublishedVersion) -> str:
    name = t("version {number}", number=version.number)
    note = f" {plain(version.note)}" if version.note else ""
    return f"**{name}**{note}  \n:gray[{ago(version.at)}]"


def _roll_back(flow_id: str, number: int) -> None:
    attempt(lambda: workspace().publications.roll_back(flow_id, number))
