"""Any flow survives its file; anything else is refused in one sentence."""

import json
import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from flowloom.errors import FlowFileError, Problem
from flowloom.flow import secrets
from flowloom.flow.file import load_flow, nesting, read_flow, save_flow, write_flow
from flowloom.flow.model import Edge, Flow, Node, NodeSettings, Position
from flowloom.flow.secrets import find_secrets
from flowloom.store.templates import templates_folder

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
COORDINATES = st.floats(-1e6, 1e6, allow_nan=False)
NODES = st.builds(
    Node,
    id=st.from_regex(r"\A[a-z][a-z0-9_-]{0,8}\Z"),
    kind=st.sampled_from(["text", "model", "no.such.kind"]),
    name=WORDS,
    config=st.dictionaries(WORDS, VALUES, max_size=3),
    settings=st.builds(NodeSettings, retries=st.integers(0, 10), on_error=st.sampled_from(["stop", "port"])),
)


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    nodes = draw(st.lists(NODES, max_size=5, unique_by=lambda node: node.id))
    ends = [f"{node.id}.{port}" for node in nodes for port in ("a", "接口")]
    pairs = (
        draw(st.lists(st.tuples(st.sampled_from(ends), st.sampled_from(ends)), max_size=5, unique=True))
        if ends
        else []
    )
    return Flow(
        name=draw(WORDS),
        starters=tuple(draw(st.lists(WORDS, max_size=2))),
        nodes=tuple(nodes),
        edges=tuple(Edge.model_validate({"from": a, "to": b}) for a, b in pairs),
        layout={node.id: Position(x=draw(COORDINATES), y=draw(COORDINATES)) for node in nodes},
    )


@settings(deadline=None)
@given(flows())
def test_a_flow_survives_its_file(flow: Flow) -> None:
    assume(not list(find_secrets(flow)))
    text = write_flow(flow)
    again = read_flow(text)
    assert again == flow
    assert write_flow(again) == text


def test_unknown_kinds_are_kept_byte_for_byte() -> None:
    config = '{"z": 1.0, "a": 1, "m": [1e-7, "\\u00e9"]}'
    flow = read_flow(f'{{"flowloom": 1, "nodes": [{{"id": "a", "kind": "from.tomorrow", "config": {config}}}]}}')
    saved = json.loads(write_flow(flow))["nodes"][0]["config"]
    assert json.dumps(saved) == config.replace("1e-7", "1e-07")


def outcome(data: bytes | str) -> Flow | Problem:
    try:
        return read_flow(data)
    except FlowFileError as error:
        return error.problem


VALID = (templates_folder() / "form-filler.json").read_bytes()


@settings(deadline=None, max_examples=300)
@given(
    st.integers(0, len(VALID) - 1),
    st.integers(0, 40),
    st.binary(max_size=6) | st.sampled_from([b"null", b"[", b"}"]),
)
def test_a_mutated_file_is_a_flow_or_one_problem(at: int, cut: int, put: bytes) -> None:
    found = outcome(VALID[:at] + put + VALID[at + cut :])
    assert isinstance(found, Flow) or (found.message and found.hint)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [found for key, item in inner for found in _paths(item, (*path, key))]


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(_paths(json.loads(VALID))), VALUES)
def test_a_replaced_value_is_a_flow_or_one_problem(path: tuple[Any, ...], value: Any) -> None:
    document: Any = json.loads(VALID)
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    found = outcome(json.dumps(document))
    assert isinstance(found, Flow) or found.message


def node(id: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "kind": "text", **more}


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("", "empty"),
        ("   \n", "empty"),
        ('{"flowloom": 1, "nodes": [', "not complete JSON: line 1"),
        ("hello", "not complete JSON"),
        (b"\x89PNG\r\n\x1a\n\xff", "isn’t text"),
        ("[1, 2]", "This is a JSON file, but not a Flowloom flow"),
        ("{}", "This is a JSON file, but not a Flowloom flow"),
        ("[" * 65 + "]" * 65, "nested more than 64"),
        ("[" * 200_000, "nested"),
        (" " * 10_000_001, "up to 10 MB"),
        ('{"flowloom": 2}', "newer Flowloom"),
        ('{"flowloom": true}', "which version"),
        ('{"flowloom": "1"}', "which version"),
        ('{"flowloom": 1, "nodes": 3}', "nodes is a number, but should be a list"),
        ('{"flowloom": 1, "nodes": [{"id": "a", "kind": ["x"]}]}', "kind is a list, but should be a piece of text"),
        ('{"flowloom": 1, "starters": "Hi"}', "starters is a piece of text, but should be a list"),
        ('{"flowloom": 1, "nodes": [{"id": "a"}]}', "nodes › 0 › kind: this field is missing"),
        ('{"flowloom": 1, "surprise": 3}', "surprise"),
        ('{"flowloom": 1, "name": "a", "name": "b"}', "twice"),
        ('{"flowloom": 1, "budget": {"seconds": NaN}}', "NaN"),
        ('{"flowloom": 1, "layout": {"a": {"x": 1e999, "y": 0}}}', "layout"),
        ('{"flowloom": 1, "name": "\\ud800"}', "Invalid JSON"),
        ('{"flowloom": 0, "nodes": 3}', "damaged"),
        (json.dumps({"flowloom": 1, "nodes": [node("a"), node("a")]}), "same id"),
        (
            json.dumps({"flowloom": 1, "nodes": [node("a")], "edges": [{"from": "a.x", "to": "b.y"}]}),
            "missing block: “b”",
        ),
        (json.dumps({"flowloom": 1, "nodes": [node("a")], "edges": [{"from": "a", "to": "a.y"}]}), "node.port"),
        (json.dumps({"flowloom": 1, "nodes": [node(f"n{i}") for i in range(2_001)]}), "nodes"),
    ],
)
def test_what_is_no_flow_is_said_in_a_sentence(content: str | bytes, word: str) -> None:
    with pytest.raises(FlowFileError) as refused:
        read_flow(content)
    assert word in str(refused.value)
    assert refused.value.problem.hint


def test_a_flow_of_the_first_draft_is_brought_up_to_date() -> None:
    old = {
        "flowloom": 0,
        "nodes": [node("a", position={"x": 1, "y": 2}), node("b")],
        "edges": [["a.text", "b.text"]],
    }
    flow = read_flow(json.dumps(old))
    assert flow.layout == {"a": Position(x=1, y=2)}
    assert flow.edges == (Edge.model_validate({"from": "a.text", "to": "b.text"}),)


def test_a_save_is_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "flow.json"
    save_flow(Flow(id="a", name="before"), path)
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(FlowFileError, match="This GPT couldn’t be saved: no space left") as refused:
        save_flow(Flow(id="a", name="after"), path)
    assert path.name not in str(refused.value)  # a file of ours has a name no person gave it
    assert load_flow(path).name == "before"
    assert list(tmp_path.iterdir()) == [path]


LETTERS = (string.ascii_letters + string.digits) * 2
SECRETS = [
    "sk-" + LETTERS[:30],
    "sk-proj-" + LETTERS[:40],
    "sk-ant-" + LETTERS[:40],
    "sk-or-" + LETTERS[:40],
    "ghp_" + LETTERS[:36],
    "gho_" + LETTERS[:36],
    "github_pat_" + LETTERS[:40],
    "glpat-" + LETTERS[:20],
    "xoxb-" + "1234567890-abcdefghij",
    "xoxp-" + "1234567890-abcdefghij",
    "AKIA" + "ABCDEFGHIJKLMNOP",
    "ASIA" + "ABCDEFGHIJKLMNOP",
    "AIza" + LETTERS[:35],
    "ya29." + LETTERS[:30],
    "hf_" + LETTERS[:30],
    "gsk_" + LETTERS[:30],
    "r8_" + LETTERS[:30],
    "nvapi-" + LETTERS[:30],
    "pplx-" + LETTERS[:30],
    "tvly-" + LETTERS[:20],
    "xai-" + LETTERS[:30],
    "sk_" + "live_" + LETTERS[:24],
    "rk_" + "test_" + LETTERS[:24],
    "whsec_" + LETTERS[:24],
    "SG." + LETTERS[:22] + "." + LETTERS[:43],
    "npm_" + LETTERS[:36],
    "pypi-" + LETTERS[:40],
    "dop_v1_" + "0123456789abcdef" * 4,
    "123456789:AA" + LETTERS[:33],
    "eyJ" + LETTERS[:20] + ".eyJ" + LETTERS[:20] + "." + LETTERS[:20],
    "-----BEGIN RSA " + "PRIVATE KEY-----",
    "Bearer " + LETTERS[:24],
    "postgres" + "://user:hunter22@db.example.com/x",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_secrets_are_refused_and_not_repeated(secret: str) -> None:
    places = [
        Flow(nodes=(Node(id="a", kind="text", config={"rows": [{"value": f"use {secret} here"}]}),)),
        Flow(instructions=f"Use {secret}."),
        Flow(nodes=(Node(id="a", kind="text", name=secret[:120]),)),
    ]
    for flow in places:
        with pytest.raises(FlowFileError) as refused:
            write_flow(flow)
        assert secret not in str(refused.value)


@pytest.mark.parametrize(
    "config",
    [
        {"text": "The task-force met; see page sk-12. Bearer of bad news, basic income."},
        {"url": "https://example.com:8080/a@b", "tokens": 400, "max_tokens": "lots of them"},
        {"header": {"name": "Accept", "value": "application/json"}},
        {"password": "{{password}}"},
        {"api_key": {"$secret": "openai"}},
    ],
)
def test_harmless_texts_are_kept(config: dict[str, Any]) -> None:
    assert read_flow(write_flow(Flow(nodes=(Node(id="a", kind="text", config=config),)))).nodes[0].config == config


def test_a_long_text_is_not_read_again_at_every_drag(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    class Counting:
        def search(self, text: str) -> None:
            read.append(len(text))

    monkeypatch.setattr(secrets, "SHAPES", Counting())
    flow = Flow(nodes=(Node(id="a", kind="text", config={"text": "honey " * 50_000}),))
    for place in range(5):
        write_flow(flow.model_copy(update={"layout": {"a": Position(x=place, y=0)}}))
    assert [length for length in read if length >= secrets.LONG] == [300_000]


@pytest.mark.parametrize(
    ("text", "deep"),
    [
        ("[[]]", 2), ('"[[["', 0), ('"\\"[[["', 0), ('"[[[', 0), ('"\\', 0), ("[[[[", 4), ("]]]][", 0),
        ("[]" * 9, 1),
        ('{"a": ["}"]}', 2),
    ],
)  # fmt: skip
def test_brackets_are_counted_outside_of_texts(text: str, deep: int) -> None:
    assert nesting(text) == deep
