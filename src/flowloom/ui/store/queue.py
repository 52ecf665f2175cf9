"""What waits for those who look after the store: reports, reviews a person is asked about, and appeals."""

import streamlit as st

from flowloom.gallery.moderation import KINDS, LONGEST, By
from flowloom.store.decisions import Decision, Report, What
from flowloom.store.reviews import Reviewed
from flowloom.ui.acting import me
from flowloom.ui.edits import attempt
from flowloom.ui.formatting import ago
from flowloom.ui.gpt.published_address import own_address
from flowloom.ui.gpt.store_review import draw_findings
from flowloom.ui.messages import plain
from flowloom.ui.session import t
from flowloom.workspace import workspace

DECISIONS: dict[What, str] = {
    "dismissed": "Leave it as it is",
    "warned": "Warn its builder",
    "down": "Take it down",
}


def by_me() -> By:
    """Who sits here, as who decides."""
    account = me()
    return By(account is None or account.is_admin, account.id if account else "", account.shown if account else "")


def draw_queue() -> None:
    moderation = workspace().gallery.moderation
    reports, reviews, appeals = moderation.reports(), moderation.reviews.asked(), moderation.decisions.appeals()
    if not (reports or reviews or appeals):
        st.markdown(t("Nothing waits for a decision."))
    for flow_id, said in reports.items():
        _draw_reports(flow_id, said)
    for reviewed in reviews:
        _draw_review(reviewed)
    for decision in appeals:
        _draw_appeal(decision)
    _draw_take_down()
    _draw_lately()


def _title(flow_id: str) -> str:
    found = workspace().publications.of(flow_id)
    if found is None:
        return plain(flow_id)
    return f"[{plain(found.slug)}]({own_address(found.slug, 'store/gpt')})"


def _draw_reports(flow_id: str, reports: list[Report]) -> None:
    with st.container(border=True):
        st.markdown(f"**{t('Reported')}: {_title(flow_id)}** :gray[{ago(reports[0].at)}]")
        st.markdown("\n".join(f"- {t(KINDS[each.kind])} {plain(each.text)}" for each in reports))
        _draw_decision(flow_id, f"reported:{flow_id}")


def _draw_decision(flow_id: str, key: str, choices: tuple[What, ...] = ("dismissed", "warned", "down")) -> None:
    with st.form(key, border=False):
        what: What = st.radio(
            t("Decision"), choices, format_func=lambda each: t(DECISIONS[each]), horizontal=True, key=f"{key}:what"
        )
        reason = st.text_area(t("Reason"), max_chars=LONGEST, help=t("Its builder reads it."), key=f"{key}:reason")
        if st.form_submit_button(t("Decide")):
            attempt(lambda: workspace().gallery.moderation.decide(flow_id, what, reason, by_me()))
            st.rerun()


def _draw_review(reviewed: Reviewed) -> None:
    key = f"asked:{reviewed.flow}:{reviewed.digest}"
    with st.container(border=True):
        name = plain(_name_of_flow(reviewed.flow))
        st.markdown(f"**{t('Asks to go into the store')}: {name}** :gray[{ago(reviewed.at)}]")
        draw_findings(reviewed.findings)
        with st.form(key, border=False):
            reason = st.text_area(
                t("Reason"), max_chars=LONGEST, help=t("Its builder reads it."), key=f"{key}:reason"
            )
            accept, refuse = st.columns(2)
            yes = accept.form_submit_button(t("Let it in"), width="stretch")
            no = refuse.form_submit_button(t("Refuse it"), width="stretch")
            if yes or no:
                attempt(lambda: workspace().gallery.moderation.judge(reviewed, yes, reason, by_me()))
                st.rerun()


def _name_of_flow(flow_id: str) -> str:
    home = workspace()
    return home.flows.load(flow_id).name if home.flows.exists(flow_id) else flow_id


def _draw_appeal(decision: Decision) -> None:
    moderation = workspace().gallery.moderation
    with st.container(border=True):
        st.markdown(f"**{t('Appeal')}: {_title(decision.flow)}** :gray[{ago(decision.appealed or 0)}]")
        st.markdown(f"{t('Reason')}: {plain(decision.reason)}")
        st.markdown(f"> {plain(decision.appeal)}")
        with st.container(horizontal=True):
            st.button(
                t("Let it back in"),
                key=f"restore:{decision.id}",
                on_click=lambda: attempt(lambda: moderation.restore(decision.flow, by_me())),
            )
            st.button(
                t("It stays as decided"),
                key=f"uphold:{decision.id}",
                on_click=lambda: attempt(lambda: moderation.uphold(decision, by_me())),
            )


def _draw_take_down() -> None:
    """Deciding about one that nobody reported."""
    entries = {each.flow: each.name for each in workspace().gallery.catalogue.entries()}
    with st.expander(t("Decide about a GPT"), icon=":material/gavel:"):
        if not entries:
            st.markdown(t("There is nothing here yet."))
            return
        chosen = st.selectbox(
            t("GPT"), entries, None, format_func=lambda id: entries.get(id, ""), key="decide_about",
            placeholder=t("Choose a GPT"),
        )  # fmt: skip
        if chosen:
            _draw_decision(chosen, f"about:{chosen}", ("warned", "down"))


def _draw_lately() -> None:
    moderation = workspace().gallery.moderation
    lately = moderation.decisions.lately()
    if not lately:
        return
    with st.expander(t("Decisions"), icon=":material/history:"):
        for each in lately:
            with st.container(horizontal=True, vertical_alignment="center"):
                ended = f" · {t('taken back')}" if each.ended else ""
                st.markdown(
                    f"{_title(each.flow)} · {t(DECISIONS[each.what])}{ended} :gray[{ago(each.at)}]  \n"
                    f"{plain(each.reason)}",
                    width="stretch",
                )
                if each.what == "down" and not each.ended:
                    st.button(
                        t("Let it back in"),
                        key=f"back:{each.id}",
                        on_click=lambda flow=each.flow: attempt(lambda: moderation.restore(flow, by_me())),
                    )
