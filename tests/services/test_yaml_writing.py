"""What is written as YAML is read as it was."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from flowloom.services.formats.yaml_writing import written_yaml

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
SIGNS = ["x\x85", "a\u2028b", "a\u2029", "a\rb", "yes", "1", "- a: b", "\ttab", " ", "{{ x }}", "é 🎲"]


@given(VALUES)
def test_it_is_read_as_it_was(value: Any) -> None:
    assert yaml.safe_load(written_yaml(value)) == value


@pytest.mark.parametrize("text", SIGNS)
def test_signs_that_end_lines_and_words_that_mean_something_stay_text(text: str) -> None:
    assert yaml.safe_load(written_yaml({"text": text})) == {"text": text}


def test_the_same_list_twice_is_written_twice() -> None:
    shared = ["a"]
    assert "&" not in written_yaml({"one": shared, "other": shared})
