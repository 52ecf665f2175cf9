"""Whatever a flow says stays data in its program, and every flow that can run becomes a program that compiles."""

import ast
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.errors import FlowFileError
from flowloom.exchange.exporters.exported import Exported, Folder, Passage
from flowloom.exchange.exporters.python.literals import text_literal, value_literal
from flowloom.exchange.exporters.python.names import identifier
from flowloom.exchange.outgoing import write_outgoing
from flowloom.flow.model import Edge, Flow, Node
from tests.exchange.exporters.programs import loaded, never_asked

HOSTILE = [
    '"""\nimport os\nos.abort()\n"""',
    "'); __import__('os').abort() #",
    "x\\",
    'ends with a quote"',
    '\\"""',
    "{__class__.__mro__}",
    "{0.__globals__[os]} { } {",
    "%(x)s {{name}} ${x}",
    "\u202eevil\u2066 \u200b",
    "line\rreturn\x00null\x1bescape",
    "# not a comment\nraise SystemExit",
    "def flow(): pass",
    "None",
    "class",
    "MODELS",
    "readable",
    "print",
    "__import__",
    "\ud800 half",
    "名字",
    "ﬁle",
    "9 lives",
    "",
    " ",
    "a" * 5_000,
]


def flow_of(said: str) -> Flow:
    """A flow in which a text of a stranger stands wherever one may write."""
    # Where there is nothing, nothing is written; a placeholder is an input.
    text = (said if said.strip() else "plain").replace("{{", "{ {").encode("utf-8", "replace").decode()
    short, line = text[:60], text[:80]
    nodes = [
        Node(id="message", kind="chat.message", name=line),
        Node(id="text", kind="text", name=line, config={"text": text}),
        Node(id="prompt", kind="prompt", name=line, config={"template": f"{text} {{{{message}}}} {text}"}),
        Node(
            id="model",
            kind="model",
            name=line,
            config={
                "instructions": text,
                "model": f"openai/{short.strip() or 'm'}",
                "fields": [{"name": f"f {line[:40]}", "description": text[:2000], "type": "json"}],
            },
        ),
        Node(
            id="branch",
            kind="branch",
            name=line,
            config={
                "rows": [
                    {
                        "name": f"way {line[:60]}",
                        "conditions": [{"input": f"v {line[:60]}", "operator": "is", "value": f"w{text[:9000]}"}],
                    }
                ]
            },
        ),
        Node(
            id="search", kind="knowledge.search", name=line, config={"files": text[:4000], "knowledge": f"b{short}"}
        ),
        Node(id="note", kind="note", config={"text": text[:2000]}),
        Node(id="answer", kind="chat.answer", name=line),
    ]
    inputs = write_ports(nodes[4])
    edges = [
        Edge(source="message.message", target="prompt.message"),
        Edge(source="prompt.prompt", target="model.prompt"),
        Edge(source="model.answer", target=f"branch.{inputs}"),
        Edge(source="message.message", target="search.question"),
        Edge(source="search.passages", target="model.passages"),
        Edge(source="branch.otherwise", target="answer.text"),
    ]
    return Flow(
        name=line,
        description=text[:4000],
        instructions=text,
        starters=(text[:500],),
        nodes=tuple(nodes),
        edges=tuple(edges),
    )


def write_ports(branch: Node) -> str:
    from flowloom.kinds.registry import all_kinds

    kind = all_kinds()["branch"]
    return kind.input_ports(kind.config.model_validate(branch.config))[0].id


def documents(flow_id: str, base: str) -> Folder:
    return Folder({"../../x.py": "text"}, [Passage("../../x.py", "x", "", "text")])


def tree_of(exported: Exported) -> str:
    """The shape of a program: its syntax without names, texts and values."""
    tree = ast.parse(exported.files[exported.main].decode())
    return " ".join(type(node).__name__ for node in ast.walk(tree) if not isinstance(node, ast.Constant))


PLAIN = flow_of("plain")


@pytest.mark.parametrize("said", HOSTILE, ids=range(len(HOSTILE)))
def test_what_a_flow_says_never_becomes_code(said: str) -> None:
    exported = write_outgoing("python", flow_of(said), documents)
    assert tree_of(exported) == tree_of(write_outgoing("python", flow_of("plain"), documents))
    source = exported.files[exported.main].decode()
    assert not set(source) & set("\u202e\u2066\u200b\x00\x1b\r")


@given(st.text(max_size=60))
@settings(max_examples=30, deadline=None)
def test_no_text_at_all_becomes_code(said: str) -> None:
    exported = write_outgoing("python", flow_of(said))
    assert tree_of(exported) == tree_of(write_outgoing("python", PLAIN))


def test_documents_stay_in_their_folder() -> None:
    exported = write_outgoing("python", flow_of("plain"), documents)
    paths = [path for path in exported.files if path != exported.main]
    assert sorted(paths) == ["plain.documents/bplain/_.._x.py.txt", "plain.documents/bplain/passages.json"]


@given(st.text())
def test_a_text_reads_as_itself(text: str) -> None:
    assert ast.literal_eval(text_literal(text)) == text
    assert ast.literal_eval(value_literal({"a": [text, (text,)], text: {}})) == {"a": [text, (text,)], text: {}}


@given(st.text(max_size=80))
def test_every_name_becomes_one_of_python(name: str) -> None:
    assert identifier(name).isidentifier()


KINDS = ["prompt", "template", "merge", "text", "calculator", "datetime", "mask", "json.pick", "summarise", "agent"]


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    """Flows of a few blocks in a row, or around, under names that meet each other and Python's own."""
    names = st.sampled_from(
        ["found", "values", "tools", "json", "re", "time", "Blocks", "ask", "search", "同", "a b", ""]
    )
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=7))
    nodes = [Node(id="message", kind="chat.message", name=draw(names))]
    edges, last = list[Edge](), "message.message"
    for number, kind in enumerate(kinds):
        config, target, output = block_of(kind, draw(names) or "x")
        nodes.append(Node(id=f"n{number}", kind=kind, name=draw(names), config=config))
        if target:
            edges.append(Edge(source=last, target=f"n{number}.{target}"))
        last = f"n{number}.{output}"
    nodes.append(Node(id="answer", kind="chat.answer", name=draw(names)))
    edges.append(Edge(source=last, target="answer.text"))
    return Flow(
        name=draw(names), nodes=tuple(nodes), edges=tuple(edges), language=draw(st.sampled_from(["en", "fr"]))
    )


def block_of(kind: str, name: str) -> tuple[dict[str, Any], str, str]:
    """A config, the input that takes a text, and the output that gives one."""
    match kind:
        case "prompt":
            return {"template": f"Say {{{{{name}}}}}"}, name, "prompt"
        case "template":
            return {"template": "{{ said }}"}, "said", "text"
        case "merge":
            return {}, "values", "text"
        case "text":
            return {"text": name}, "", "text"
        case "calculator":
            return {}, "expression", "text"
        case "datetime":
            return {}, "", "text"
        case "mask":
            return {}, "text", "passed"
        case "json.pick":
            return {"path": "a"}, "data", "text"
        case "summarise":
            return {}, "text", "summary"
    return {}, "message", "answer"


@given(flows())
@settings(max_examples=40, deadline=None)
def test_every_flow_becomes_a_program_that_compiles(flow: Flow) -> None:
    exported = write_outgoing("python", flow)
    tree = ast.parse(exported.files[exported.main].decode())
    defined = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert len(defined) == len(set(defined))
    assert exported.report.count("exact") == len(flow.nodes)


def test_a_program_whose_blocks_are_called_like_its_own_parts_runs(tmp_path: Path) -> None:
    names = ["json", "readable", "found", "Blocks", "time"]
    nodes = [Node(id="message", kind="chat.message", name="Path")]
    edges, last = list[Edge](), "message.message"
    for number, name in enumerate(names):
        nodes.append(Node(id=f"n{number}", kind="prompt", name=name, config={"template": f"<{{{{{name}}}}}>"}))
        edges.append(Edge(source=last, target=f"n{number}.{name}"))
        last = f"n{number}.prompt"
    nodes.append(Node(id="answer", kind="chat.answer", name="respond"))
    edges.append(Edge(source=last, target="answer.text"))
    exported = write_outgoing("python", Flow(name="main", nodes=tuple(nodes), edges=tuple(edges)))
    with loaded(exported, tmp_path) as program:
        assert program.respond(program.flow, "hi", ask_person=never_asked) == "<<<<<hi>>>>>"


def test_a_flow_with_problems_is_refused_in_words() -> None:
    flow = Flow(nodes=(Node(id="a", kind="prompt", config={"template": ""}),))
    with pytest.raises(FlowFileError, match="empty"):
        write_outgoing("python", flow)


def test_the_same_flow_makes_the_same_bytes() -> None:
    one, other = (write_outgoing("python", PLAIN, documents).data() for _ in range(2))
    assert one == other
