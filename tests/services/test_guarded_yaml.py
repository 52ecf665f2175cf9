"""What is read without the loader is what the loader reads."""

from typing import Any, get_args

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from flowloom.services.formats.guarded_yaml import MAX_DEPTH, Version, YamlFault, _loader, _read_with_all, read_yaml
from flowloom.services.formats.plain_yaml import NotPlain, TooDeep, build_plain

WORDS = st.sampled_from(
    ["", "a", "yes", "null", "~", "0755", "1_000", "1e3", ".5", "2026-11-30", "12:30:00", "=", "<<"]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | WORDS
    | st.text("ab: #-\n{'\"é", max_size=8)
)
DATA = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.integers(), inner, max_size=4)
)
ODD = [
    "- yes\n- NO\n- on\n- ~\n- 0o17\n- 0x1F\n- +1\n- .inf\n- 1:30\n- 2026-11-30",
    "yes: 1\nno: 2\n~: 3\n? \n: 4\n1: 5\n1.5: 6",
    "a: 1\na: 2",
    "a: {b: [1, {c: }]}",
    "'1': \"yes\"\n'<<': x",
    "text: |\n  {{#one#}}\n  [two]\nfolded: >-\n  a\n  b",
    "a: &x {b: 1}\nc: *x\nd: {<<: *x}",
    "a: !!str 1\nb: !!set {x, y}\nc: ! 2",
    "? [a]\n: 1",
    "? {a: 1}\n: 1",
    "a: 1\n---\nb: 2",
    "--- \n",
    "# nothing",
    "",
    "- =\n- <<",
    "a: [1\nb: 2",
    "\tb",
]


def outcome(read: Any, text: str, version: Version) -> tuple[str, Any]:
    try:
        return "data", repr(read(text, version))
    except YamlFault as fault:
        return fault.reason, fault.line


@given(
    data=DATA,
    flow=st.booleans(),
    quoted=st.sampled_from([None, "'", '"']),
    version=st.sampled_from(get_args(Version)),
)
def test_both_read_the_same(data: Any, flow: bool, quoted: str | None, version: Version) -> None:
    text = yaml.safe_dump(data, default_flow_style=flow, default_style=quoted, allow_unicode=True)
    assert outcome(read_yaml, text, version) == outcome(_read_with_all, text, version)


@pytest.mark.parametrize("version", get_args(Version))
@pytest.mark.parametrize("text", ODD)
def test_what_is_odd_is_read_as_by_the_loader(text: str, version: Version) -> None:
    assert outcome(read_yaml, text, version) == outcome(_read_with_all, text, version)


def test_what_builders_write_needs_no_loader() -> None:
    text = "app:\n  name: Chat\nnodes:\n- id: '1'\n  data: {type: llm, temperature: 0.5}\n"
    plain = build_plain(text, _loader("1.1"), MAX_DEPTH, keys_are_text=False)
    assert plain == yaml.safe_load(text)
    with pytest.raises(NotPlain):
        build_plain("a: &x 1", _loader("1.1"), MAX_DEPTH, keys_are_text=False)
    with pytest.raises(TooDeep):
        build_plain("[[[[1]]]]", _loader("1.1"), 3, keys_are_text=False)
