"""What the next message will take, said before it is sent: model calls, money, and where data can go."""

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.flow.model import Budget, Flow
from flowloom.run.planning.forecast import BlockForecast, Forecast
from flowloom.ui.formatting import count_of, money, number, seconds
from flowloom.ui.messages import label_of, plain
from flowloom.ui.panels import show_panel
from flowloom.ui.session import t
from flowloom.workspace import workspace


def forecast_of(flow: Flow) -> Forecast | None:
    """What a run will take; None where the flow cannot run yet."""
    settings = workspace().models.settings
    before = st.session_state.get("forecast")
    if before and before[0] is flow and before[1] is settings:
        kept: Forecast | None = before[2]
        return kept
    try:
        found = workspace().forecast(flow)
    except FlowloomError:
        found = None
    st.session_state["forecast"] = (flow, settings, found)
    return found


def draw_forecast(flow: Flow) -> None:
    """A quiet line, and all that is behind it for whoever opens it."""
    found = forecast_of(flow)
    if found is None:
        return
    usual = workspace().ledger.usual_cost(flow.id)
    line = f":gray[:small[{line_of(found, usual)}]]"
    with st.popover(line, type="tertiary", key=f"forecast:{flow.id}"):
        _details(flow, found, usual)
        st.button(
            t("Set limits"),
            icon=":material/speed:",
            key=f"set_limits:{flow.id}",
            on_click=lambda: show_panel("configure"),
        )


def line_of(found: Forecast, usual: float | None = None) -> str:
    """The forecast in one line: 3 to 9 model calls · at most $0.04 · data can reach 2 hosts."""
    parts = [
        _calls(found.least, found.most, is_open=found.open),
        _cost(found, usual) if found.most else "",
        _reach(found.hosts),
    ]
    return " · ".join(part for part in parts if part)


def _calls(least: int, most: int, *, is_open: bool) -> str:
    if not most:
        return t("no model needed")
    if is_open:
        return t("{least} or more, once for each list item", least=count_of("call", max(least, 1)))
    if least == most:
        return count_of("call", most)
    return t("{least} to {most}", least=number(least), most=count_of("call", most))


def _cost(found: Forecast, usual: float | None) -> str:
    if found.cost == 0:
        return t("free")
    most = _most(found)
    if not usual:
        return most
    return t("usually {usual}, {most}", usual=plain(money(usual)), most=most)


def _most(found: Forecast) -> str:
    if found.stops is not None and (found.cost is None or found.stops < found.cost):
        return t("stops near {money}", money=plain(money(found.stops)))
    return t("cost unknown") if found.cost is None else t("at most {money}", money=plain(money(found.cost)))


def _reach(hosts: tuple[str, ...]) -> str:
    if not hosts:
        return t("data stays on this computer")
    return t("data can reach {hosts}", hosts=count_of("host", len(hosts)))


def _details(flow: Flow, found: Forecast, usual: float | None) -> None:
    st.markdown("**" + t("Cost and data of the next message") + "**")
    st.markdown("\n".join(f"- {_block(flow, block)}" for block in found.blocks) or t("No block uses a model."))
    if found.hosts:
        st.markdown(t("Data can reach: {hosts}", hosts=", ".join(plain(t(host)) for host in found.hosts)))
    if usual:
        st.markdown(t("Usually: {money}, the average of the last runs.", money=plain(money(usual))))
    if found.cost:
        st.caption(t("The maximum assumes that every call uses its model’s full limit. Most use far less."))
    if found.unpriced:
        st.caption(t("The price of {models} isn’t known.", models=", ".join(map(plain, found.unpriced))))
    st.caption(limits_of(flow.budget))


def _block(flow: Flow, block: BlockForecast) -> str:
    node = flow.node(block.node)
    said = [_calls(block.least, block.most, is_open=block.open), *map(plain, block.models)] if block.most else []
    if block.cost:
        said.append(t("at most {money}", money=plain(money(block.cost))))
    said += [plain(t(host)) for host in block.hosts]
    return f"**{plain(label_of(node)) if node else block.node}**: {' · '.join(said)}"


def limits_of(budget: Budget) -> str:
    """What stops a run, in one sentence."""
    limits = [
        t("{count} steps", count=number(budget.steps)) if budget.steps else "",
        seconds(budget.seconds, 0) if budget.seconds else "",
        t("{count} tokens", count=number(budget.tokens)) if budget.tokens else "",
        plain(money(budget.money)) if budget.money else "",
    ]
    said = ", ".join(limit for limit in limits if limit)
    return t("A run stops after: {limits}.", limits=said) if said else t("There is no limit.")
