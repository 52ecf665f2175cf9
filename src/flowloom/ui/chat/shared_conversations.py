"""What visitors of the published page share, for whoever made the GPT to read; nothing can be said or changed.

Only what was said is shown, as the visitor sees it: not the run, which holds what the GPT remembers about them.
"""

import streamlit as st

from flowloom.flow.model import Flow
from flowloom.serve.page.visitor_problems import for_visitors
from flowloom.store.runs import ChatTurn
from flowloom.ui.acting import require_mine
from flowloom.ui.chat.answer_text import draw_answer_text
from flowloom.ui.formatting import ago
from flowloom.ui.messages import avatar_of, plain
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

TITLE = 60


def draw_shared_list(flow_id: str) -> None:
    """The shared conversations of a GPT that is theirs; nothing where there are none. Raises StoreError."""
    found = workspace().shared_conversations.entries(require_mine(flow_id))
    if found:
        st.markdown(f"**{t('Shared by visitors')}**")
    for each in found:
        title = " ".join(_clean(each.title).split())[:TITLE] or "…"
        st.button(
            f"{plain(title)}  \n:gray[{t('Shared by a visitor')} · {ago(each.shared)}]",
            key=f"shared:{each.id}",
            width="stretch",
            type="tertiary",
            on_click=lambda id=each.id: _choose(flow_id, id),
        )


def draw_shared_one(flow: Flow) -> bool:
    """The one that was chosen, as it stands; whether there is one. Raises StoreError."""
    chosen = st.session_state.get(_key(flow.id))
    if not chosen:
        return False
    st.button(
        t("All conversations"),
        icon=":material/arrow_back:",
        type="tertiary",
        key="shared_back",
        on_click=lambda: _choose(flow.id, ""),
    )
    turns = workspace().shared_conversations.turns(require_mine(flow.id), chosen)
    if not turns:
        st.info(t("This conversation is no longer shared."))
        return True
    st.badge(t("Shared by a visitor"), icon=":material/visibility:")
    st.caption(t("You can read it until the visitor stops sharing it. You can’t answer here."))
    for turn in turns:
        _draw_turn(flow, turn)
    return True


def _draw_turn(flow: Flow, turn: ChatTurn) -> None:
    is_asked = turn.role == "user"
    with st.chat_message("user" if is_asked else "assistant", avatar=_avatar(flow, is_asked)):
        text = _clean(turn.text)
        if is_asked:
            st.markdown(plain(text).replace("\n", "  \n"))
        elif text:
            draw_answer_text(text, f"shared:{turn.number}")
        for file in turn.attachments:
            st.caption(":material/attach_file: " + plain(_clean(file.name)))
        if turn.problem:
            st.caption(":material/error: " + plain(str(for_visitors(turn.problem).describe(language()))))


def _avatar(flow: Flow, is_asked: bool) -> str:
    return ":material/person:" if is_asked else avatar_of(flow)


def _clean(text: str) -> str:
    # Somebody may have typed a key.
    return workspace().visits.hide_keys(text)


def _choose(flow_id: str, conversation: str) -> None:
    st.session_state[_key(flow_id)] = conversation


def _key(flow_id: str) -> str:
    return f"shared_conversation:{flow_id}"
