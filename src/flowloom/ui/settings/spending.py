"""What GPTs spend in a month, their limits, and what models cost."""

from collections.abc import Mapping

import streamlit as st

from flowloom.kinds.values import Usage
from flowloom.services.models.prices import find_cost
from flowloom.services.models.router import find_model
from flowloom.services.models.settings import ALL_GPTS, LOCAL, PRACTICE, ModelSettings, Price
from flowloom.spending import BUILDING
from flowloom.ui.formatting import money
from flowloom.ui.messages import names_of_gpts, plain
from flowloom.ui.session import t
from flowloom.workspace import workspace

MILLION = 1_000_000


def draw_spending(settings: ModelSettings) -> None:
    """This month and the one before, by GPT; a limit for all of them; prices of one's own."""
    store = workspace().spending
    month = store.month()
    now = store.by_flow(month)
    st.markdown(f"**{t('This month: {amount}', amount=_amount(sum(now.values())))}**")
    earlier = [other for other in store.months() if other < month]
    if earlier:
        told = (f"{other}: {_amount(sum(store.by_flow(other).values()))}" for other in earlier[:3])
        st.caption(" · ".join(told))
    if now:
        _draw_table(now, settings)
    draw_limit(settings, ALL_GPTS, t("Monthly limit of all GPTs, in US dollars"))
    st.caption(
        t(
            "Counts what models cost, by their prices below. From 80% on, the chat warns you; at the limit, models "
            "that cost money aren’t asked any more. A model whose price isn’t known isn’t counted."
        )
    )
    _draw_prices(settings)


def draw_limit(settings: ModelSettings, name: str, label: str) -> None:
    """What one GPT, or all of them, may spend in a month."""
    value = settings.monthly.get(name)
    key = f"monthly:{name}:{value}"
    # Streamlit lets only a field be emptied that began without a value.
    st.session_state.setdefault(key, value)
    st.number_input(
        label,
        min_value=0.01,
        value=None,
        step=1.0,
        format="%.2f",
        placeholder=t("no limit"),
        key=key,
        on_change=lambda: _limit(settings, name, st.session_state[key]),
    )


def _limit(settings: ModelSettings, name: str, value: float | None) -> None:
    others = {each: limit for each, limit in settings.monthly.items() if each != name}
    monthly = others if value is None else {**others, name: value}
    workspace().models_changed(settings.model_copy(update={"monthly": monthly}))


def _draw_table(costs: Mapping[str, float], settings: ModelSettings) -> None:
    names = names_of_gpts() | {BUILDING: t("Creating GPTs")}
    rows = [f"| {t('GPT')} | {t('This month')} | {t('Limit')} |", "|---|---:|---:|"]
    for flow, cost in costs.items():
        limit = settings.monthly.get(flow)
        told = [plain(names.get(flow, t("A deleted GPT"))), _amount(cost), "" if limit is None else _amount(limit)]
        rows.append("| " + " | ".join(told) + " |")
    st.markdown("\n".join(rows))


def _draw_prices(settings: ModelSettings) -> None:
    models = [name for name in settings.choices() if name != PRACTICE and not name.startswith(f"{LOCAL}/")]
    if not models:
        return
    with st.expander(t("Prices"), icon=":material/payments:", key="prices"):
        model = st.selectbox(t("Model"), models, key="priced_model")
        own = settings.prices.get(model)
        st.caption(_told(settings, model))
        with st.form(f"price:{model}:{own}", border=False):
            reading, writing = st.columns(2)
            given = [
                column.number_input(
                    label, min_value=0.0, value=value, step=0.1, format="%.4f", placeholder=t("unknown")
                )
                for column, label, value in (
                    (reading, t("US dollars for a million tokens read"), own.input if own else None),
                    (writing, t("US dollars for a million tokens written"), own.output if own else None),
                )
            ]
            if st.form_submit_button(t("Save")):
                _price(settings, model, *given)


def _told(settings: ModelSettings, model: str) -> str:
    """The price as it is reckoned with, and where it is from."""
    provider, name = find_model(settings, model)
    found = [
        find_cost(Usage(model=name, input_tokens=read, output_tokens=MILLION - read), provider, settings.prices)
        for read in (MILLION, 0)
    ]
    if None in found:
        return t("The price isn’t known. Enter it to count what this model costs.")
    amounts = {"read": _amount(found[0]), "written": _amount(found[1])}
    if model in settings.prices:
        return t("Your own price: {read} read, {written} written", **amounts)
    return t("Public price: {read} read, {written} written", **amounts)


def _price(settings: ModelSettings, model: str, read: float | None, written: float | None) -> None:
    """Keep a price; without figures the public one holds again."""
    others = {name: price for name, price in settings.prices.items() if name != model}
    if read is not None or written is not None:
        others[model] = Price(input=read or 0.0, output=written or 0.0)
    workspace().models_changed(settings.model_copy(update={"prices": others}))
    st.rerun()


def _amount(dollars: float | None) -> str:
    return plain(money(dollars or 0.0))
