"""The versions of a prompt: what was answered to each, how two of them differ, and taking one up again."""

import difflib
from collections.abc import Sequence
from html import escape
from math import exp

import streamlit as st

from flowloom.evaluation.statistics import Interval
from flowloom.store.prompts import Program, Prompt, PromptVersion
from flowloom.studio.figures import Figures, figures
from flowloom.ui.edits import attempt
from flowloom.ui.formatting import ago, money, number, seconds
from flowloom.ui.session import t
from flowloom.ui.studio.tokens import percent
from flowloom.ui.studio.writing import model_label, who
from flowloom.workspace import workspace

SHOWN = 30
STYLE = """<style>
.fl-versions {white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.9375rem; line-height: 1.6;}
.fl-versions ins {text-decoration: none; background: rgb(34 160 90 / 0.2); border-radius: 3px;}
.fl-versions del {background: rgb(210 60 60 / 0.18); border-radius: 3px;}
</style>"""


def draw_versions(prompt: Prompt) -> None:
    store = workspace().studio.store
    versions = store.versions(prompt.id)[:SHOWN]
    found = {each.number: each for each in figures(store.facts(prompt.id))}
    if len(versions) < 2 and not found:
        return
    st.subheader(t("Versions"), anchor=False)
    st.dataframe([_row(each, found.get(each.number)) for each in versions], hide_index=True, width="stretch")
    if len(versions) > 1:
        _draw_difference(prompt, versions)


def _row(version: PromptVersion, found: Figures | None) -> dict[str, str]:
    row = {t("Version"): number(version.number), t("Saved"): ago(version.at)}
    if version.who:
        row[t("By")] = version.who
    return row | {
        t("Asked"): number(found.tries) if found else "",
        t("Answers"): number(found.answers) if found else "",
        t("Failed"): number(found.failed) if found and found.failed else "",
        t("Likely on average"): _share(found.sureness if found else None),
        t("Tokens"): _or_nothing(found.written if found else None, lambda value: number(round(value))),
        t("Seconds"): _or_nothing(found.seconds if found else None, seconds),
        t("Cost"): _or_nothing(found.cost if found else None, money),
    }


def _or_nothing(value: float | None, say: object) -> str:
    return "" if value is None else str(say(value))  # type: ignore[operator]


def _share(interval: Interval | None) -> str:
    """A mean is never alone: with it, where the true one lies."""
    if interval is None:
        return ""
    if interval.rows < 2:
        return percent(min(1.0, exp(interval.mean)))
    low, mean, high = (percent(min(1.0, exp(each))) for each in (interval.low, interval.mean, interval.high))
    return f"{mean} ({low} – {high})"


def _draw_difference(prompt: Prompt, versions: Sequence[PromptVersion]) -> None:
    numbers = [each.number for each in versions]
    with st.expander(t("Compare two versions"), icon=":material/difference:", key=f"studio_compare:{prompt.id}"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            labels = {each: t("version {number}", number=each) for each in numbers}
            before = st.selectbox(
                t("Before"), numbers, index=1, format_func=labels.__getitem__, key=f"studio_before:{numbers[0]}"
            )
            after = st.selectbox(
                t("After"), numbers, index=0, format_func=labels.__getitem__, key=f"studio_after:{numbers[0]}"
            )
            if before != numbers[0]:
                st.button(
                    t("Use version {number} again", number=before),
                    icon=":material/restore:",
                    key="studio_restore",
                    on_click=lambda: attempt(lambda: _restore(prompt, before)),
                )
        store = workspace().studio.store
        st.html(STYLE + difference(store.program(prompt.id, before), store.program(prompt.id, after)))


def _restore(prompt: Prompt, number: int) -> None:
    store = workspace().studio.store
    store.add_version(prompt.id, store.program(prompt.id, number), who())


def difference(before: Program, after: Program) -> str:
    """The words of two programs as HTML, with what went and what came."""
    old, new = (_words(_written(each)) for each in (before, after))
    parts = []
    for what, begin, end, start, stop in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            parts.append(escape("".join(old[begin:end])))
            continue
        gone, come = escape("".join(old[begin:end])), escape("".join(new[start:stop]))
        parts += [f"<del>{gone}</del>" if gone else "", f"<ins>{come}</ins>" if come else ""]
    return f'<div class="fl-versions">{"".join(parts)}</div>'


def _written(program: Program) -> str:
    told = []
    for step in program.steps:
        facts = [step.name] if len(program.steps) > 1 else []
        facts += [model_label(step.model), t("{count} tokens", count=number(step.most_tokens))]
        facts += [f"× {step.samples}"] if step.samples > 1 else []
        facts += [t("Temperature") + f" {number(step.temperature, 1)}"] if step.temperature is not None else []
        told.append("\n".join(filter(None, (" · ".join(facts), step.system, step.text))))
    return "\n\n".join(told)


def _words(text: str) -> list[str]:
    """Words with the blanks behind them, each East Asian sign by itself."""
    found, held = [], ""
    for sign in text:
        held += sign
        if sign.isspace() or ord(sign) >= 0x2E80:
            found.append(held)
            held = ""
    return [*found, held] if held else found
