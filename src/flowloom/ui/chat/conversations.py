"""The conversations of a GPT: the one of this visit, and the way to earlier ones."""

import streamlit as st

from flowloom.store.conversation_search import Near
from flowloom.ui.chat.shared_conversations import draw_shared_list
from flowloom.ui.dialogs import close_dialog
from flowloom.ui.download import File, save_buttons
from flowloom.ui.edits import attempt
from flowloom.ui.formatting import ago
from flowloom.ui.messages import plain
from flowloom.ui.session import t
from flowloom.ui.settings.memory import draw_conversation_memory
from flowloom.workspace import workspace

TITLE = 60
MANY = 5
"""Of so many conversations the list scrolls for itself."""


def current_conversation(flow_id: str) -> str:
    """The conversation this visit is in: the latest of the GPT, or a new one."""
    key = f"conversation:{flow_id}"
    if key not in st.session_state:
        runs = workspace().runs
        st.session_state[key] = runs.latest_conversation(flow_id) or runs.new_conversation(flow_id)
    return str(st.session_state[key])


def enter(flow_id: str, conversation: str) -> None:
    st.session_state[f"conversation:{flow_id}"] = conversation
    st.session_state.pop(f"refused:{flow_id}", None)


def new_chat(flow_id: str) -> None:
    enter(flow_id, workspace().runs.new_conversation(flow_id))


def _choose(flow_id: str, conversation: str) -> None:
    enter(flow_id, conversation)
    close_dialog()


def draw_conversations(flow_id: str) -> None:
    """A list of what was talked about before, with a search through all that was said; then what visitors share."""
    search = st.text_input(
        t("Search conversations"),
        placeholder=t("Search for a word or phrase"),
        key=f"search:{flow_id}",
        icon=":material/search:",
    ).strip()
    found = workspace().runs.conversations(flow_id, search)
    with st.container(height=320 if len(found) > MANY else "content", border=False, gap="small"):
        for conversation in found:
            _draw(flow_id, conversation.id, conversation.title, ago(conversation.started))
    near = _draw_near(flow_id, search, [conversation.id for conversation in found]) if search else []
    if not found and not near:
        st.caption(t("Nothing found.") if search else t("No conversations yet."))
    if not search:
        draw_shared_list(flow_id)
    with st.expander(t("What this conversation remembers"), icon=":material/bookmark:"):
        draw_conversation_memory(current_conversation(flow_id))
    _draw_saving(flow_id)


def _draw_saving(flow_id: str) -> None:
    """The conversation one is in as a document; nothing for one in which nothing was said."""
    conversation = current_conversation(flow_id)
    if not workspace().runs.turns(conversation):
        return
    path = f"conversations/{conversation}"
    files = [
        File(t("Save this conversation (Markdown)"), f"{path}/words", "conversation.md", "article"),
        File(t("Print this conversation, or save it as PDF"), f"{path}/print", "", "print", prints=True),
        File(t("Save this conversation (JSON)"), f"{path}/json", "conversation.json", "data_object"),
    ]
    save_buttons(flow_id, files, f"transcript:{conversation}", "rows")
    st.button(
        t("Keep this chat as a test"),
        icon=":material/fact_check:",
        type="tertiary",
        key=f"keep_test:{conversation}",
        help=t("It can be replayed after a change without a model. Keys and personal data are masked."),
        on_click=lambda: attempt(lambda: _keep_as_test(flow_id, conversation)),
    )


def _keep_as_test(flow_id: str, conversation: str) -> None:
    workspace().keep_as_test(workspace().flows.load(flow_id), conversation)
    st.toast(t("Kept. You find it under Evaluate."), icon=":material/fact_check:")


def _draw_near(flow_id: str, search: str, besides: list[str]) -> list[Near]:
    """Those that say it in other words, below those that say it to the letter."""
    with st.spinner(t("Searching…")):  # the first search of a GPT with many conversations takes a moment
        near = workspace().conversation_search.near(flow_id, search, besides)
    if near:
        st.caption(t("Similar in meaning"))
    for each in near:
        said = _short(each.message)
        below = ago(each.started) if said == _short(each.title) else f"{ago(each.started)} · {plain(said)}"
        _draw(flow_id, each.id, each.title, below)
    return near


def _draw(flow_id: str, conversation: str, title: str, below: str) -> None:
    st.button(
        f"{plain(_short(title))}  \n:gray[{below}]",
        key=f"conversation:{conversation}",
        width="stretch",
        type="secondary" if conversation == current_conversation(flow_id) else "tertiary",
        on_click=lambda: _choose(flow_id, conversation),
    )


def _short(text: str) -> str:
    return " ".join(text.split())[:TITLE] or "…"
