"""A builder's profile in the store, and proving that a website is theirs."""

import asyncio
from collections.abc import Callable

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.gallery.builders import LONGEST_ABOUT, LONGEST_NAME
from flowloom.gallery.proofs import FILE, RECORD
from flowloom.store.builders import ADMIN, AT, Builder
from flowloom.ui.acting import me
from flowloom.ui.edits import attempt
from flowloom.ui.gpt.published_address import own_address
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import language, t
from flowloom.ui.store.queue import by_me
from flowloom.workspace import workspace


def draw_profile() -> None:
    account = me()
    builders = workspace().gallery.builders
    found = builders.of(account.id if account else "")
    with st.form("builder_profile", border=False):
        shown = st.text_input(t("Name"), found.shown if found else "", max_chars=LONGEST_NAME, key="builder_name")
        about = st.text_area(
            t("About you"), found.about if found else "", max_chars=LONGEST_ABOUT, key="builder_about"
        )
        site = st.text_input(
            t("Website"),
            found.site if found else "",
            max_chars=253,
            placeholder="www.example.org",
            key="builder_site",
        )
        if st.form_submit_button(t("Save"), icon=":material/save:"):
            attempt(lambda: builders.change(account.id if account else "", shown, about, site))
            st.rerun()
    if found:
        st.page_link(
            own_address(found.slug, "store/builders"), label=t("Your page in the store"), icon=":material/person:"
        )
        st.caption(t("{count} people follow you.", count=builders.store.followers(found.account)))
        _draw_proof(found)


def _draw_proof(found: Builder) -> None:
    if found.proof:
        st.success(t("Verified: {proof}", proof=proof_of(found)), icon=":material/verified:")
        return
    _draw_proof_by_mail(found)
    if not found.site:
        st.caption(t("Give your website to be verified by it, or ask an admin."))
        return
    with st.expander(t("Prove that {site} is yours", site=f"`{found.site}`"), icon=":material/verified:"):
        st.markdown(t("Add this TXT record to the domain:"))
        st.code(f"{RECORD}{found.token}", language=None)
        st.markdown(t("Or put a file with this line at {address}:", address=f"`https://{plain(found.site)}{FILE}`"))
        st.code(found.token, language=None)
        st.caption(t("Checking asks cloudflare-dns.com for the record, and the website for the file."))
        if st.button(t("Check now"), key="builder_prove"):
            _prove(found)


def _draw_proof_by_mail(found: Builder) -> None:
    home = workspace()
    if not home.mailer.account.address:
        return
    proofs = home.gallery.mail_proofs
    with st.expander(t("Prove that an email address is yours"), icon=":material/mail:"):
        st.caption(t("The store shows what follows the @, never the address."))
        address = st.text_input(t("Email address"), placeholder="anna@example.org", key="builder_mail")
        if st.button(t("Send me a code"), key="builder_send_code", disabled=not address.strip()):
            _attempt(lambda: asyncio.run(proofs.send(found.account, address, language())))
        if waiting := proofs.waiting(found.account):
            code = st.text_input(t("Code from the email to {address}", address=f"`{waiting}`"), key="builder_code")
            if st.button(t("Verify"), key="builder_confirm", disabled=not code.strip()):
                _attempt(lambda: _confirm(found.account, code))


def _confirm(account: str, code: str) -> None:
    gallery = workspace().gallery
    gallery.builders.prove_by_mail(account, gallery.mail_proofs.confirm(account, code))


def _prove(found: Builder) -> None:
    _attempt(lambda: asyncio.run(workspace().gallery.builders.prove(found.account)))


def _attempt(do: Callable[[], object]) -> None:
    """What changes the page, or what is wrong, below the button."""
    try:
        do()
    except FlowloomError as error:
        show_problem(error.problem)
        return
    st.rerun()


def proof_of(builder: Builder) -> str:
    """How somebody is verified, in words."""
    if builder.proof.startswith(AT):
        return t("by an email address at {host}", host=builder.proof.removeprefix(AT))
    return t("by an admin") if builder.proof == ADMIN else builder.proof


def draw_builders() -> None:
    """For admins: everybody with a profile, and whether they are who they say."""
    builders = workspace().gallery.builders
    everybody = builders.everybody()
    if not everybody:
        st.markdown(
            t("No builder has a profile yet. Whoever fills in “My profile” appears here, and can be verified.")
        )
    for each in everybody:
        with st.container(horizontal=True, vertical_alignment="center"):
            proof = f" :green[:material/verified:] {plain(proof_of(each))}" if each.proof else ""
            st.markdown(f"{plain(each.shown)}{proof}", width="stretch")
            st.button(
                t("Take the mark back") if each.proof else t("Verify"),
                key=f"vouch:{each.account}",
                on_click=lambda who=each: attempt(
                    lambda: builders.vouch(who.account, not who.proof, admin=by_me().admin)
                ),
            )
