"""Beginning a fine-tuning: which examples, what was tidied, which model, what it costs and where they go."""

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.evaluation.rows import ASKS, EXPECTS, rows_of_chats, rows_of_table, usual_column
from flowloom.flow.model import Flow
from flowloom.services.formats.row_files import ENDINGS, LARGEST, read_rows
from flowloom.services.models.facts import host_of
from flowloom.services.models.settings import Provider
from flowloom.services.models.tuning_jobs import OFFERED
from flowloom.store.tunings import TuningPlan
from flowloom.tuning.costs import cost_of
from flowloom.tuning.examples import ADVISED, Gathered, check, is_chat_lines, of_chat_lines, of_chats, of_rows
from flowloom.ui.acting import me
from flowloom.ui.dialogs import close_dialog
from flowloom.ui.formatting import money, number
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace

WAYS = {"dataset": "From a dataset", "chats": "From rated chats", "file": "From a file"}
SHOWN = 5
MOST_EPOCHS = 20


def draw_new(flow: Flow) -> None:
    providers = {each.id: each for each in workspace().models.settings.providers if each.kind in OFFERED}
    if not providers:
        st.info(
            t("No provider that can fine-tune is set up. Add OpenAI, or one that speaks its language, in Settings.")
        )
        return
    way = st.segmented_control(
        t("Where examples come from"),
        list(WAYS),
        default="dataset",
        required=True,
        format_func=lambda way: t(WAYS[way]),
        key="tuning_way",
    )
    try:
        before = _before(flow)
        ways = {"dataset": _from_dataset, "chats": _from_chats, "file": _from_file}
        found = ways[way or "dataset"](flow, before)
        if found:
            _draw_gathered(found[1])
            _draw_start(flow, providers, *found)
    except FlowloomError as error:
        show_problem(error.problem)
    if problem := st.session_state.pop("tuning_problem", None):
        show_problem(problem)


def _before(flow: Flow) -> str:
    """The instructions of the GPT, where they are to stand before every example."""
    if not flow.instructions.strip():
        return ""
    chosen = st.toggle(
        t("Put this GPT’s instructions before every example"),
        True,
        key="tuning_before",
        help=t("A model answers best when it is asked as it was trained."),
    )
    return flow.instructions if chosen else ""


def _from_dataset(flow: Flow, before: str) -> tuple[str, Gathered] | None:
    datasets = {each.id: each for each in workspace().datasets.all(flow.id)}
    if not datasets:
        st.info(t("This GPT has no dataset yet. Make one under Evaluate."))
        return None
    chosen = st.selectbox(
        t("Dataset"), list(datasets), format_func=lambda id: datasets[id].name, key="tuning_dataset"
    )
    return datasets[chosen].name, of_rows(workspace().datasets.rows(chosen), before)


def _from_chats(flow: Flow, before: str) -> tuple[str, Gathered] | None:
    st.caption(t("Answers with a thumb up, from your own chats with this GPT. What visitors say stays theirs."))
    return t("Rated chats"), of_chats(rows_of_chats(workspace().runs, flow.id, only_rated=True), before)


def _from_file(flow: Flow, before: str) -> tuple[str, Gathered] | None:
    file = st.file_uploader(
        t("File"),
        type=[*ENDINGS],
        key="tuning_file",
        max_upload_size=LARGEST >> 20,
        help=t("A table with a question and an answer in each row, or JSONL with messages as OpenAI has it."),
    )
    if file is None:
        return None
    name, data = file.name.rpartition(".")[0] or file.name, file.getvalue()
    if is_chat_lines(data):
        return name, of_chat_lines(data, before)
    titles, rows = read_rows(file.name, data)
    asks = usual_column(titles, ASKS) or titles[0]
    answers = usual_column(titles, EXPECTS) or titles[-1]
    with st.container(horizontal=True):
        asks = st.selectbox(t("Question"), titles, titles.index(asks), key=f"tuning_asks:{file.file_id}")
        answers = st.selectbox(t("Answer"), titles, titles.index(answers), key=f"tuning_answers:{file.file_id}")
    return name, of_rows(rows_of_table(titles, rows, f"{{{{{asks}}}}}", answers).rows, before)


def _draw_gathered(found: Gathered) -> None:
    examples = found.examples
    said = t(
        "{training} examples to learn from, {held} held out, about {tokens} tokens.",
        training=number(len(examples.training)),
        held=number(len(examples.held_out)),
        tokens=number(found.tokens),
    )
    st.markdown(f"**{plain(said)}**")
    left = [
        t("repeated: {count}", count=number(found.twice)) if found.twice else "",
        t("without question or answer: {count}", count=number(found.empty)) if found.empty else "",
        t("too long: {count}", count=number(found.long)) if found.long else "",
        t("the same question with another answer: {count}", count=number(found.differing))
        if found.differing
        else "",
    ]
    if any(left):
        st.caption(t("Left out") + " · " + plain(" · ".join(filter(None, left))))
    if found.masked:
        st.caption(plain(t("personal data masked: {count}", count=number(found.masked))))
    st.dataframe(
        [{t("Question"): each.asked[:300], t("Answer"): each.answer[:300]} for each in examples.training[:SHOWN]],
        hide_index=True,
        width="stretch",
    )


def _draw_start(flow: Flow, providers: dict[str, Provider], name: str, found: Gathered) -> None:
    provider, base = _draw_model(providers)
    epochs, price = _draw_price(provider, base)
    _draw_cost(provider, cost_of(found.tokens, epochs, price))
    problem = check(found.examples)
    if problem:
        show_problem(problem.as_warning())
    elif len(found.examples.training) < ADVISED:
        st.caption(t("With fewer than {count} examples, a model hardly changes.", count=ADVISED))
    plan = TuningPlan(provider=provider.id, base=base, epochs=epochs, tokens=found.tokens, price=price)
    st.button(
        t("Start fine-tuning"),
        icon=":material/play_arrow:",
        type="primary",
        key="tuning_start",
        width="stretch",
        disabled=bool(problem) or not base,
        on_click=_start,
        args=(flow.id, name, plan, found),
    )


def _draw_model(providers: dict[str, Provider]) -> tuple[Provider, str]:
    """Whose model is tuned, and which; one that is not in the list can be written."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        id = st.selectbox(
            t("Provider"), list(providers), format_func=lambda id: providers[id].label, key="tuning_provider"
        )
        provider = providers[id]
        models = list(provider.models)
        base = st.selectbox(
            t("Model to start from"),
            models,
            key=f"tuning_base:{id}",
            accept_new_options=True,
            index=0 if models else None,
        )
    return provider, (base or "").strip()


def _draw_price(provider: Provider, base: str) -> tuple[int, float | None]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        epochs = st.number_input(
            t("Passes"), 1, MOST_EPOCHS, 3, key="tuning_epochs", help=t("How often all examples are read.")
        )
        price = st.number_input(
            t("$ for a million tokens"),
            0.0,
            None,
            None,
            step=0.5,
            key=f"tuning_price:{provider.id}:{base}",
            placeholder=t("unknown"),
            help=t("What the provider charges for training. Check it on its website."),
        )
    return epochs, price


def _draw_cost(provider: Provider, cost: float | None) -> None:
    """What it costs, and where the examples go."""
    told = [
        t("What it costs is unknown.") if cost is None else t("It costs about {cost}.", cost=plain(money(cost)))
    ]
    if where := host_of(provider):
        told.append(plain(t("The examples are sent to {host}.", host=where)))
    st.info(" ".join(told), icon=":material/payments:")


def _start(flow_id: str, name: str, plan: TuningPlan, found: Gathered) -> None:
    account = me()
    try:
        workspace().tunings.start(flow_id, name[:80], plan, found.examples, account.shown if account else "")
    except FlowloomError as error:
        st.session_state["tuning_problem"] = error.problem
        return
    close_dialog()
