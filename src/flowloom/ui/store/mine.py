"""What a builder has in the store: figures, what was decided about it, and the way to disagree."""

import streamlit as st

from flowloom.gallery.catalogue import Entry
from flowloom.gallery.moderation import LONGEST, MOST_STRIKES
from flowloom.store.decisions import Decision
from flowloom.ui.acting import me
from flowloom.ui.edits import attempt
from flowloom.ui.formatting import ago, number
from flowloom.ui.gpt.published_address import own_address
from flowloom.ui.messages import plain
from flowloom.ui.session import t
from flowloom.workspace import workspace

DECIDED = {"down": "Taken down", "warned": "Warned", "dismissed": "Left as it is"}


def my_account() -> str:
    """The id of who sits here; "" where there is no team."""
    account = me()
    return account.id if account else ""


def draw_mine() -> None:
    gallery = workspace().gallery
    for notice in gallery.moderation.notices(my_account()):
        _draw_notice(notice)
    strikes = gallery.moderation.strikes(my_account())
    if strikes >= MOST_STRIKES:
        st.warning(t("{count} of your GPTs were taken down within a year: new ones can’t go in.", count=strikes))
    entries = gallery.catalogue.of_builder(my_account())
    if not entries:
        st.markdown(t("None of your GPTs is in the store yet. Open one, choose Publish, then “The store”."))
        return
    st.dataframe(
        {
            t("GPT"): [each.name for each in entries],
            t("Conversations"): [each.figures.conversations for each in entries],
            t("People"): [each.figures.people for each in entries],
            t("Came back"): [_percent(each.figures.return_rate) for each in entries],
            t("Rating"): [each.figures.mean_stars for each in entries],
            t("Ratings"): [each.figures.ratings for each in entries],
            t("Score"): [each.figures.score for each in entries],
            t("Page"): [_page(each) for each in entries],
        },
        hide_index=True,
        column_config={
            t("Came back"): st.column_config.NumberColumn(format="%.0f%%"),
            t("Rating"): st.column_config.NumberColumn(format="%.1f"),
            t("Score"): st.column_config.NumberColumn(format="%.2f"),
            t("Page"): st.column_config.LinkColumn(display_text=t("Open")),
        },
    )


def _page(entry: Entry) -> str:
    return own_address(entry.slug, "store/gpt")


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _draw_notice(notice: Decision) -> None:
    name = _name(notice.flow)
    with st.container(border=True):
        state = t("It came back.") if notice.ended else ""
        st.markdown(f"**{t(DECIDED[notice.what])}: {plain(name)}** :gray[{ago(notice.at)}] {state}")
        st.markdown(f"{t('Reason')}: {plain(notice.reason)}")
        if notice.appeal:
            waits = t("Nobody has read it yet.") if notice.appealed and not notice.ended else ""
            st.caption(f"{t('Your appeal')}: {plain(notice.appeal)} {waits}")
        elif not notice.ended:
            _draw_appeal(notice)


def _draw_appeal(notice: Decision) -> None:
    with st.form(f"appeal:{notice.id}", border=False):
        text = st.text_area(t("Why is this wrong?"), max_chars=LONGEST, key=f"appeal_text:{notice.id}")
        if st.form_submit_button(t("Appeal")):
            attempt(lambda: workspace().gallery.moderation.appeal(notice.id, my_account(), text))
            st.rerun()


def _name(flow_id: str) -> str:
    found = workspace().publications.of(flow_id)
    return found.slug if found else flow_id


def waiting_title() -> str:
    """The page's name, with how much waits for whoever may decide."""
    account = me()
    count = workspace().gallery.moderation.waiting() if account is None or account.is_admin else 0
    return f"{t('Store')} ({number(count)})" if count else t("Store")
