"""How much the groups of a workspace use GPTs, and what that costs: sums, and nothing of what was said."""

import streamlit as st

from flowloom.store.group_use import GROUP, NO_GROUP, Used
from flowloom.ui.formatting import money, number
from flowloom.ui.session import t
from flowloom.workspace import workspace


def draw_usage() -> None:
    use = workspace().team.console.use
    st.caption(
        t(
            "Counts each answer for the groups of whoever asked, in each group they are in. It doesn’t tell who "
            "asked, or what."
        )
    )
    months = use.months()
    if not months:
        st.caption(t("Nothing was asked yet."))
        return
    month = st.selectbox(t("Month"), months, key="usage_month")
    found = use.of(month)
    st.dataframe(
        {
            t("Group"): [_named(each) for each in found],
            t("Answers"): [number(each.asked) for each in found],
            t("Cost"): [money(each.cost) for each in found],
        },
        hide_index=True,
        width="stretch",
    )


def _named(each: Used) -> str:
    if each.name.startswith(GROUP):
        return each.name.removeprefix(GROUP)
    return t("In no group") if each.name == NO_GROUP else t("Visitors and programs")
