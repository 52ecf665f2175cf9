"""From a sentence to what it stands on, by the record of a run alone."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.flow.model import Edge, Flow, Node
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.values import Passage
from flowloom.run.events import NodeFinished, NodeStarted, RunEvent, RunFinished, RunStarted, event_json, read_event
from flowloom.run.reading.evidence import Wanted, readings
from flowloom.run.reading.provenance import Grounds, Setting, answers_of
from flowloom.run.reading.record import is_tool_call
from flowloom.run.reading.steps import Step
from flowloom.store.templates import templates
from flowloom.workspace import Workspace
from tests.test_templates import agreeable, ended

LEAVE = {
    "en": "Full-time staff have 25 days of paid holiday a year. Part-time staff have their share.",
    "zh": "全职员工每年有25天带薪年假。兼职员工按比例计算。",
    "fr": "Le personnel à plein temps a 25 jours de congés payés par an.",
}
ILLNESS = {
    "en": "Call your manager before nine when you are ill.",
    "zh": "生病时请在九点前打电话给经理。",
    "fr": "En cas de maladie, appelez votre responsable avant neuf heures.",
}


def flow(nodes: Mapping[str, tuple[str, dict[str, Any]]], *lines: str) -> Flow:
    made = [Node(id=id, kind=kind, config=config) for id, (kind, config) in nodes.items()]
    edges = [Edge(source=line.split(">")[0], target=line.split(">")[1]) for line in lines]
    return Flow(id="f", nodes=tuple(made), edges=tuple(edges))


def with_config(flow: Flow, id: str, config: dict[str, Any]) -> Flow:
    nodes = [node.model_copy(update={"config": config}) if node.id == id else node for node in flow.nodes]
    return flow.model_copy(update={"nodes": tuple(nodes)})


Worked = tuple[str, dict[str, Any], dict[str, Any]]


def log(*worked: Worked, answer: str) -> list[RunEvent]:
    """The record of a run as it is kept; `agent.1:tool` worked as a tool."""
    events: list[RunEvent] = [RunStarted(run_id="r", seq=0, at=0.0, flow_id="f")]
    for name, inputs, outputs in [*worked, ("answer", {"text": answer}, {"text": answer})]:
        call, _, node = name.rpartition(":")
        said = answer if node == "answer" else None
        place: dict[str, Any] = {"run_id": "r", "at": 0.0, "node": node, "call": call}
        events.append(NodeStarted(**place, seq=len(events), inputs=inputs))
        events.append(NodeFinished(**place, seq=len(events), outputs=outputs, seconds=0.0, answer=said))
    events.append(RunFinished(run_id="r", seq=len(events), at=1.0))
    return [read_event(event_json(event)) for event in events]


def grounds(flow: Flow, events: list[RunEvent], number: int = 0, language: str = "en") -> Grounds:
    (answer,) = answers_of(events, flow, all_kinds(), language)
    return answer.grounds(number)


HELPER = flow(
    {
        "message": ("chat.message", {}),
        "search": ("knowledge.search", {}),
        "prompt": ("prompt", {"template": "Answer: {{message}}"}),
        "model": ("model", {}),
        "answer": ("chat.answer", {}),
    },
    "message.message>search.question",
    "message.message>prompt.message",
    "prompt.prompt>model.prompt",
    "search.passages>model.passages",
    "model.answer>answer.text",
)


def helped(answer: str, language: str = "en") -> list[RunEvent]:
    found = [Passage(text=ILLNESS[language], file="ill.md"), Passage(text=LEAVE[language], file="leave.md")]
    return log(
        ("message", {}, {"message": "?"}),
        ("search", {"question": "?"}, {"passages": found, "text": "…"}),
        ("prompt", {"message": "?"}, {"prompt": "Answer: ?"}),
        ("model", {"prompt": "Answer: ?", "passages": found}, {"answer": answer}),
        answer=answer,
    )


SUPPORTED = [
    ("en", "You have 25 days of paid holiday each year.", ["leave.md"]),
    ("en", "You may call it a day. [1]", ["ill.md"]),
    ("en", "Staff have 25 days of holiday [2], and call the manager when ill [1].", ["ill.md", "leave.md"]),
    ("en", "Bees make honey in summer.", []),
    ("en", "Full marks!", []),
    ("zh", "您每年有25天带薪年假。", ["leave.md"]),
    ("zh", "生病时请打电话给经理。", ["ill.md"]),
    ("zh", "蜜蜂在夏天酿蜜。", []),
    ("fr", "Vous avez 25 jours de congés payés par an.", ["leave.md"]),
    ("fr", "Appelez le responsable avant neuf heures en cas de maladie !", ["ill.md"]),
    ("fr", "Les abeilles font du miel.", []),
]


@pytest.mark.parametrize(("language", "sentence", "files"), SUPPORTED)
def test_passages_that_bear_a_sentence_out(language: str, sentence: str, files: list[str]) -> None:
    found = grounds(HELPER, helped(sentence, language))
    assert sorted(support.passage.file for support in found.passages) == files
    assert found.nothing_says_it == (not files)


def test_what_is_cited_comes_first_and_words_are_marked() -> None:
    found = grounds(HELPER, helped("Staff have 25 days of holiday [1]."))
    assert [(support.passage.file, support.cited) for support in found.passages] == [
        ("ill.md", 1),
        ("leave.md", None),
    ]
    text, marks = found.passages[1].passage.text, found.passages[1].marks
    assert [text[start:end] for start, end in marks] == ["staff", "25", "days", "holiday", "staff"]


def test_the_setting_of_free_words_is_the_prompt_and_of_unfounded_ones_the_search() -> None:
    assert grounds(HELPER, helped("You have 25 days of paid holiday.")).setting == Setting("prompt", "template")
    assert grounds(HELPER, helped("Bees make honey.")).setting == Setting("search", "top_k", reads=True)


def test_a_model_with_words_of_its_own_is_the_setting() -> None:
    own = with_config(HELPER, "model", {"instructions": "Be kind."})
    assert grounds(own, helped("You have 25 days of paid holiday.")).setting == Setting("model", "instructions")


LARGE = {"input": "text", "operator": "contains", "value": "1000"}


def test_what_the_flow_itself_tells_bears_a_sentence_out() -> None:
    open_ = "The shop is open Monday to Saturday, nine to six."
    said = "We are open Monday to Saturday from nine to six."
    told = f"{open_} When?"
    events = log(
        ("message", {}, {"message": "When?", "attachments": [{"name": "a.txt", "text": "Bees sleep in winter."}]}),
        ("prompt", {"message": "When?"}, {"prompt": told}),
        ("model", {"prompt": told}, {"answer": said}),
        answer=f"{said} Bees do sleep. Be kind to Ann. It is cold.",
    )
    kind = HELPER.model_copy(update={"instructions": "Always be kind to Ann, who asks much."})
    tellers = [[telling.node for telling in grounds(kind, events, number).tellings] for number in range(4)]
    assert tellers == [["prompt"], ["message"], [""], []]
    assert not grounds(kind, events).nothing_says_it
    assert grounds(kind, events, 3).nothing_says_it


DESK = flow(
    {
        "message": ("chat.message", {}),
        "kind": ("classify", {"labels": [{"name": "Refund", "description": "Money back"}, {"name": "Fault"}]}),
        "branch": (
            "branch",
            {
                "rows": [
                    {"name": "Large", "conditions": [{"input": "text", "operator": "contains", "value": "1000"}]}
                ]
            },
        ),
        "large": ("text", {"text": "We call you back. **Today** at the latest."}),
        "small": ("template", {"template": "{{ text }}: done."}),
        "fault": ("text", {"text": "Restart it."}),
        "merge": ("merge", {}),
        "answer": ("chat.answer", {}),
    },
    "message.message>kind.text",
    "kind.refund>branch.text",
    "kind.fault>fault.text",
    "branch.large>large.text",
    "branch.otherwise>small.text",
    "small.text>answer.text",
    "large.text>answer.text",
    "fault.text>answer.text",
)


def desk(message: str, way: str, last: str, answer: str) -> list[RunEvent]:
    return log(
        ("message", {}, {"message": message}),
        ("kind", {"text": message}, {"refund": message}),
        ("branch", {"text": message}, {way: message}),
        (last, {"text": message} if last == "small" else {}, {"text": answer}),
        answer=answer,
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["The model chose “Refund”: Money back", "text (“1000 euros back”) contains “1000”"]),
        ("zh", ["模型选择了“Refund”：Money back", "text（“1000 euros back”）包含“1000”"]),
        (
            "fr",
            [
                "Le modèle a choisi «\u202fRefund\u202f»\u202f: Money back",
                "text («\u202f1000 euros back\u202f») contient «\u202f1000\u202f»",
            ],
        ),
    ],
)
def test_decisions_stand_in_order_with_their_reasons(language: str, said: list[str]) -> None:
    events = desk("1000 euros back", "large", "large", "We call you back. Today at the latest.")
    found = grounds(DESK, events, 1, language)
    assert [decision.because for decision in found.decisions] == said
    assert [decision.way.label for decision in found.decisions] == ["Refund", "Large"]


def test_what_stands_word_for_word_leads_to_its_block() -> None:
    events = desk("1000 euros back", "large", "large", "We call you back. **Today** at the latest.")
    found = grounds(DESK, events, 1)
    assert (found.source.node if found.source else "", found.phrased) == ("large", False)
    assert found.setting == Setting("large", "text")
    assert not found.nothing_says_it


def test_a_text_filled_in_leads_to_its_template() -> None:
    found = grounds(DESK, desk("5 euros back", "otherwise", "small", "5 euros back: done."))
    assert found.setting == Setting("small", "template")
    assert found.decisions[-1].because == "No condition of the other paths was true."


def test_a_flow_that_has_changed_since_is_no_error() -> None:
    events = desk("1000 euros back", "large", "large", "We call you back.")
    changed = DESK.model_copy(update={"nodes": DESK.nodes[-1:], "edges": ()})
    assert grounds(changed, events).setting is None
    other = {"rows": [{"name": "Large", "conditions": [{"input": "text", "operator": "at_least", "value": "x"}]}]}
    assert grounds(with_config(DESK, "branch", other), events).decisions[1].because == ""


def test_a_choice_in_a_loop_is_told_for_each_round(home: Workspace) -> None:
    row = {"name": "Long", "conditions": [{"input": "text", "operator": "starts_with", "value": "aaa"}]}
    loop = flow(
        {
            "message": ("chat.message", {}),
            "more": ("template", {"template": "a{{ text }}"}),
            "branch": ("branch", {"rows": [row]}),
            "answer": ("chat.answer", {}),
        },
        "message.message>more.text",
        "more.text>branch.text",
        "branch.otherwise>more.text",
        "branch.long>answer.text",
    )
    run = home.runner.start(loop, "!", home.runs.new_conversation(loop.id))
    home.runner.finished(run)
    found = grounds(loop, home.runs.events(run))
    assert [(each.step.round, each.way.id) for each in found.decisions] == [
        (1, "otherwise"),
        (2, "otherwise"),
        (3, "long"),
    ]
    assert found.setting == Setting("more", "template")


AGENT = flow(
    {
        "message": ("chat.message", {}),
        "agent": ("agent", {}),
        "sums": ("calculator", {}),
        "search": ("knowledge.search", {}),
        "answer": ("chat.answer", {}),
    },
    "message.message>agent.message",
    "sums.tool>agent.tools",
    "search.tool>agent.tools",
    "agent.answer>answer.text",
)


@pytest.mark.parametrize(
    ("answer", "calls"),
    [
        ("That makes 434.", ["sums"]),
        ("Cela fait environ 1 234,57 euros.", ["sums"]),
        ("一共是1,234.568元。", ["sums"]),
        ("It makes 435.", []),
        ("The full staff have 25 days of holiday.", ["search"]),
    ],
)
def test_calls_share_words_or_figures(answer: str, calls: list[str]) -> None:
    found = [Passage(text=LEAVE["en"], file="leave.md")]
    events = log(
        ("message", {}, {"message": "?"}),
        ("agent.1:sums", {"expression": "x"}, {"result": 434.0, "text": "434"}),
        ("agent.2:sums", {"expression": "y"}, {"result": 1234.5678}),
        ("agent.3:search", {"question": "z"}, {"passages": found, "text": LEAVE["en"]}),
        ("agent", {"message": "?"}, {"answer": answer}),
        answer=answer,
    )
    result = grounds(AGENT, events)
    assert [step.node for step in result.calls] == calls
    assert bool(result.passages) == (calls == ["search"])


def test_only_what_fired_leads_to_an_answer() -> None:
    found = grounds(DESK, desk("5 euros back", "otherwise", "small", "Restart it."))
    assert "fault" not in {step.node for step in [*found.calls, *([found.source] if found.source else [])]}
    assert [decision.step.node for decision in found.decisions] == ["kind", "branch"]


@pytest.mark.parametrize(
    ("call", "is_call"), [("", False), ("agent.1", True), ("each#3", False), ("each#3/agent.1", True)]
)
def test_which_steps_are_calls_of_tools(call: str, is_call: bool) -> None:
    assert is_tool_call(Step("node", call)) == is_call


@pytest.mark.parametrize(
    ("figure", "means"),
    [
        ("434", {"434"}),
        ("1,234", {"1234", "1.234"}),
        ("1.234,50", {"1234.5"}),
        ("1 234,5", {"1234.5"}),
        ("0.5", {"0.5"}),
    ],
)
def test_figures_in_every_language(figure: str, means: set[str]) -> None:
    assert readings(figure) == {Decimal(each) for each in means}


@given(st.text(), st.text())
def test_marks_lie_in_the_text_and_a_sentence_bears_itself_out(said: str, text: str) -> None:
    wanted = Wanted(said)
    assert all(0 <= placed.start < placed.end <= len(text) for placed in wanted.shared(text))
    assert all(0 <= start < end <= len(text) for start, end in wanted.shared_figures(text))
    assert wanted.stands_in(f"{text}\n{said}\n{text}") or not wanted.runs


@pytest.mark.parametrize("template", templates(), ids=lambda template: template.id)
def test_every_template_can_say_why(home: Workspace, template: Any) -> None:
    flow = home.intake.create_from_template(template)
    run = home.runner.start(flow, template.flow.starters[0], home.runs.new_conversation(flow.id))
    ended(home, run, agreeable)
    answers = answers_of(home.runs.events(run), flow, all_kinds())
    assert answers
    for answer in answers:
        found = [answer.grounds(number) for number in range(len(answer.sentences))]
        assert found
        assert all(each.setting and flow.node(each.setting.node) for each in found)
