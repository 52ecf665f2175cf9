"""The window in which a person lets a program run on this computer: it shows the whole of it, and takes its name.

What counts is kept in `services/programs.py`: how long it was shown, that it is still the same, and that it is
asked once. The window only carries the number of the question and the word.
"""

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.services.programs import Program
from flowloom.ui.dialogs import close_dialog, draw_dialog, open_dialog
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import t
from flowloom.workspace import workspace


def confirm_button(label: str, about: str, program: Program, shown: str, *, key: str) -> None:
    """A button that opens the window; `about` says what it is for, `shown` is all that would be started."""
    dialog = f"program:{key}"
    st.button(
        label,
        icon=":material/verified_user:",
        type="primary",
        key=f"{dialog}:ask",
        on_click=_ask,
        args=(dialog, program),
    )
    draw_dialog(dialog, t("Allow this program to run?"), lambda: _draw(dialog, about, program, shown))


def _ask(dialog: str, program: Program) -> None:
    st.session_state[f"{dialog}:number"] = workspace().programs.ask(program)
    st.session_state.pop(f"{dialog}:wrong", None)
    open_dialog(dialog)


def _draw(dialog: str, about: str, program: Program, shown: str) -> None:
    st.markdown(about)
    st.code(shown, language=None, wrap_lines=True)
    if program.variables:
        st.caption(t("With these values: {names}", names=plain(", ".join(sorted(program.variables)))))
    st.warning(
        t("Confirm only if you added it yourself and trust whoever made it. Otherwise close this window."),
        icon=":material/warning:",
    )
    st.text_input(t("Type {word} to confirm", word=plain(program.word)), key=f"{dialog}:word", autocomplete="off")
    st.button(
        t("Allow it to run"), type="primary", key=f"{dialog}:confirm", on_click=_confirm, args=(dialog, program)
    )
    problem = st.session_state.get(f"{dialog}:wrong")
    if problem:
        show_problem(problem)


def _confirm(dialog: str, program: Program) -> None:
    number, word = st.session_state.get(f"{dialog}:number", ""), st.session_state.get(f"{dialog}:word", "")
    try:
        workspace().programs.confirm(number, program, word)
    except FlowloomError as error:
        st.session_state[f"{dialog}:wrong"] = error.problem
        return
    st.session_state.pop(f"{dialog}:wrong", None)
    close_dialog()
