"""Choosing in the outline: a select box, and what its options are called."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import streamlit as st

from flowloom.run.planning.possible_connections import End
from flowloom.run.reading.outline import Row
from flowloom.ui.outline.sentences import numbered
from flowloom.ui.session import t

Rows = Mapping[str, Row]
Saying = Callable[[str], str]


def choice(
    label: str,
    options: Sequence[str],
    say: Saying,
    key: str,
    hint: str | None = None,
    *,
    begun: bool = False,
    on_change: Callable[[], None] | None = None,
) -> str | None:
    """A select box whose choice is forgotten once it is not offered any more; `begun`: the first one is chosen."""
    start = options[0] if begun and options else None
    # Only where it has to: what is set here takes the place of what a person is choosing meanwhile, and where
    # the page is drawn once more at this moment, the browser never hears of it.
    if key in st.session_state and (before := st.session_state[key]) not in options and before != start:
        st.session_state[key] = start
    labels = _distinct(options, say)
    found: str | None = st.selectbox(
        label,
        list(options),
        index=0 if start is not None else None,
        format_func=labels.__getitem__,
        key=key,
        placeholder=hint,
        disabled=not options,
        on_change=on_change,
    )
    return found


def _distinct(options: Iterable[str], say: Saying) -> dict[str, str]:
    """Labels that tell all options apart, as a select box goes by what it shows."""
    labels = {option: say(option) for option in options}
    often = Counter(labels.values())
    return {option: f"{label} [{option}]" if often[label] > 1 else label for option, label in labels.items()}


def end_label(rows: Rows, end: End) -> str:
    return f"{numbered(rows[end.node.id], t)} · {t(end.port.said)}"
