"""The log of who did what: for admins, with a filter, and to take along."""

from datetime import datetime
from html import escape

import streamlit as st

from flowloom.store.deeds import Deed
from flowloom.ui.session import t
from flowloom.workspace import workspace

SHOWN = 100
WORDS = {
    "set_up": "Set up the workspace",
    "sign_in": "Signed in",
    "sign_in_failed": "Failed to sign in",
    "sign_in_paused": "Too many failed sign-ins",
    "set_up_failed": "Wrong set-up code",
    "sign_out": "Signed out",
    "sign_out_everywhere": "Signed out everywhere",
    "signed_out": "Signed somebody out",
    "password_changed": "Changed their password",
    "password_failed": "Gave a wrong current password",
    "passkey_added": "Added a passkey",
    "passkey_removed": "Removed a passkey",
    "invited": "Invited somebody",
    "invitation_taken_back": "Took an invitation back",
    "joined": "Joined",
    "linked": "Connected an account of the organisation",
    "reset_link": "Made a link for a new password",
    "assistant_connected": "Connected an assistant",
    "assistant_disconnected": "Disconnected an assistant",
    "role_changed": "Changed a role",
    "groups_changed": "Changed groups",
    "group_deleted": "Deleted a group",
    "deactivated": "Deactivated an account",
    "activated": "Activated an account",
    "handed_over": "Gave GPTs to somebody else",
    "account_deleted": "Deleted an account",
    "rules_changed": "Changed the rules",
    "retention_changed": "Changed how long chats are kept",
    "settings_changed": "Changed settings",
    "feed_added": "Added another store",
    "feed_removed": "Removed another store",
    "feed_key_accepted": "Accepted a new key of another store",
    "published": "Published a GPT",
    "terms_changed": "Changed who may use a GPT",
    "rolled_back": "Went back to an earlier version",
    "unpublished": "Stopped sharing a GPT",
    "gpt_deleted": "Deleted a GPT",
    "store_reported": "Reported a GPT of the store",
    "store_review_asked": "Asked for a decision about the store",
    "store_accepted": "Let a GPT into the store",
    "store_refused": "Refused a GPT for the store",
    "store_down": "Took a GPT of the store down",
    "store_warned": "Warned about a GPT of the store",
    "store_dismissed": "Left a reported GPT as it is",
    "store_appealed": "Appealed against a decision",
    "store_upheld": "Upheld a decision after an appeal",
    "store_restored": "Let a GPT back into the store",
    "order_paid": "Marked an order as paid",
    "order_cancelled": "Cancelled an order",
    "order_refunded": "Refunded an order",
    "payouts_prepared": "Prepared payouts",
    "store_featured": "Featured a GPT in the store",
    "store_not_featured": "Stopped featuring a GPT",
    "store_verified": "Verified a builder",
    "store_not_verified": "Took the mark of a builder back",
    "log_downloaded": "Downloaded this log",
}


def draw_deeds() -> None:
    kinds, search = st.columns([1.4, 1])
    what = kinds.multiselect(
        t("What happened"),
        list(WORDS),
        format_func=lambda word: t(WORDS[word]),
        placeholder=t("Everything"),
        label_visibility="collapsed",
        key="deeds_what",
    )
    wanted = search.text_input(
        t("Search names"),
        placeholder=t("Search names"),
        icon=":material/search:",
        label_visibility="collapsed",
        key="deeds_search",
    )
    found = workspace().team.deeds.all(SHOWN, what=tuple(what), search=wanted.strip())
    if not found:
        st.caption(t("Nothing found."))
        return
    columns = [t("When"), t("Who"), t("What happened"), t("About"), t("Address")]
    rows = [dict(zip(columns, _row(deed), strict=True)) for deed in found]
    st.dataframe(rows, hide_index=True, width="stretch", height=min(420, 38 * len(rows) + 40))
    links = " · ".join(
        f'<a href="/people/log/{form}" download>{escape(t("Download as {form}", form=form.upper()))}</a>'
        for form in ("csv", "jsonl")
    )
    st.html(links)


def _row(deed: Deed) -> tuple[str, ...]:
    when = datetime.fromtimestamp(deed.at).strftime("%Y-%m-%d %H:%M:%S")
    return when, deed.who or "–", t(WORDS.get(deed.what, deed.what)), deed.about, deed.address
