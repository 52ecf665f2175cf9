"""Building by talking: proposals are read, checked, applied as edits and told in words; nothing hostile gets in."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from flowloom.builder.applying import edits_of
from flowloom.builder.practice import CANNOT, QUESTIONS, UNKNOWN, answer, wishes_in
from flowloom.builder.proposals import OPS, STEP, read_steps
from flowloom.builder.talking import TRIES, propose
from flowloom.builder.trying import to_try
from flowloom.configuration.backbone import with_edits
from flowloom.configuration.reading import read_configuration
from flowloom.differences import differences
from flowloom.errors import FlowEditError
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.kinds.values import Message, ModelReply, ModelRequest
from flowloom.run.planning.check import blocking, find_problems
from flowloom.store.templates import templates

WISH = {
    "en": "a tutor that quizzes my 7th graders on French vocabulary",
    "fr": "Un prof qui interroge mes élèves sur les verbes irréguliers",
    "zh": "帮我考初一学生英语单词并纠正错误",
}


def applied(flow: Flow, steps: list[dict[str, Any]]) -> Flow:
    return with_edits(flow, edits_of(flow, read_steps(steps)))


def built(language: str = "en") -> Flow:
    flow = Flow.model_validate({"language": language})
    return applied(flow, answer(flow, WISH[language], language).steps)


def template(name: str) -> Flow:
    return next(each.flow for each in templates() if each.id == name)


@pytest.mark.parametrize("language", ["en", "fr", "zh"])
def test_a_first_version_comes_from_one_sentence_and_works(language: str) -> None:
    flow = built(language)
    assert flow.name
    assert flow.icon
    assert len(flow.starters) >= 3
    assert [node.kind for node in flow.nodes] == ["chat.message", "agent", "chat.answer"]
    assert find_problems(flow, all_kinds()) == []


def test_at_most_two_questions_come_before_the_first_version() -> None:
    said = [answer(Flow(), "a GPT", "en", asked) for asked in range(3)]
    assert [each.say for each in said[:2]] == list(QUESTIONS)
    assert said[2].steps
    assert applied(Flow(), said[2].steps).nodes


def has(name: str, on: bool = True) -> Callable[[Flow], bool]:
    return lambda flow: read_configuration(flow).abilities[name].is_on is on  # type: ignore[index]


def says(text: str) -> Callable[[Flow], bool]:
    return lambda flow: text in flow.instructions


INTENDED: list[tuple[str, str, Callable[[Flow], bool]]] = [
    ("en", "Call it Vocab Buddy", lambda flow: flow.name == "Vocab Buddy"),
    ("fr", "Appelle-le « Mots magiques »", lambda flow: flow.name == "Mots magiques"),
    ("zh", "叫它“单词伙伴”", lambda flow: flow.name == "单词伙伴"),
    ("en", "Make it friendlier", says("friendly")),
    ("fr", "Un ton plus chaleureux", says("chaleureux")),
    ("zh", "语气更友好一些", says("友善")),
    ("en", "Shorter answers please", says("short")),
    ("fr", "Plus court", says("brièvement")),
    ("zh", "回答简短一点", says("简短")),
    ("en", "More formal", says("formal")),
    ("fr", "Plus drôle", says("humour")),
    ("zh", "更严格一点", says("严格")),
    ("en", "It should be able to search the web", has("web")),
    ("fr", "Il doit chercher sur le web", has("web")),
    ("zh", "让它能上网", has("web")),
    ("en", "Let it make pictures", has("pictures")),
    ("en", "I want data analysis with charts", has("data")),
    ("en", "It should remember people", has("memory")),
    ("fr", "Il doit se souvenir de moi", has("memory")),
    ("zh", "让它记住我", has("memory")),
    ("en", "Add a calculator", has("sums")),
    ("zh", "不要上网", has("web", False)),
    ("en", "Use my documents", lambda flow: read_configuration(flow).documents.is_on),
    ("fr", "Utilise mes documents", lambda flow: read_configuration(flow).documents.is_on),
    ("zh", "从我的文档回答", lambda flow: read_configuration(flow).documents.is_on),
    ("en", "Add a starter: Quiz me on food", lambda flow: flow.starters[-1] == "Quiz me on food"),
    ("fr", "Ajoute une amorce : Parle-moi des fruits", lambda flow: flow.starters[-1] == "Parle-moi des fruits"),
    ("zh", "添加一个开场白：考考我水果", lambda flow: flow.starters[-1] == "考考我水果"),
    ("en", "Remove all starters", lambda flow: flow.starters == ()),
    ("en", "Use a faster model", lambda flow: read_configuration(flow).model == "fast"),
    ("fr", "Prends un meilleur modèle", lambda flow: read_configuration(flow).model == "careful"),
    ("zh", "用高质量模型", lambda flow: read_configuration(flow).model == "careful"),
    ("en", "Ask a colleague if it can't answer", lambda flow: read_configuration(flow).fallback.who == "person"),
    (
        "en",
        "If it can't answer, say: Please call us",
        lambda flow: read_configuration(flow).fallback.text == "Please call us",
    ),
    ("zh", "答不上来时转人工", lambda flow: read_configuration(flow).fallback.who == "person"),
    ("en", "Change the icon", lambda flow: flow.icon != "school"),
    ("en", "Always answer in French", says("Always answer in French.")),
    ("fr", "Réponds toujours en espagnol", says("en espagnol")),
    ("zh", "用英文回答", says("始终用英文回答")),
    ("en", "It's for absolute beginners", says("You speak with absolute beginners.")),
    ("en", "Never give the solution right away", says("Never give the solution right away")),
    ("fr", "Ne donne jamais la solution tout de suite", says("Ne donne jamais la solution")),
    ("zh", "每次只问一个问题", says("每次只问一个问题")),
    ("en", "Description: Learn words every day", lambda flow: flow.description == "Learn words every day"),
]


@pytest.mark.parametrize(("language", "said", "holds"), INTENDED)
def test_the_practice_builder_does_what_is_asked(language: str, said: str, holds: Callable[[Flow], bool]) -> None:
    flow = built(language)
    told = answer(flow, said, language)
    after = applied(flow, told.steps)
    assert holds(after), told
    assert blocking(find_problems(after, all_kinds())) == []
    if after != flow:
        assert differences(flow, after, language)
    assert len(to_try(after, language)) == 2


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Add a refund branch"), ("fr", "Ajoute une branche"), ("zh", "加一个分支"), ("en", "Delete everything"),
     ("en", "Send emails every morning")],
)  # fmt: skip
def test_it_says_what_it_cannot(language: str, said: str) -> None:
    assert answer(built(language), said, language)[:2] == (CANNOT, [])


def test_a_wish_about_something_it_cannot_do_is_still_a_wish() -> None:
    assert "payments" in answer(Flow(), "Explain how to take payments online", "en").steps[0]["name"]


def test_what_it_does_not_understand_changes_nothing() -> None:
    assert answer(built(), "Zorp the quux", "en")[:2] == (UNKNOWN, [])


def test_undo_is_an_intention() -> None:
    assert [answer(built(), said, "en").undo for said in ("Undo that", "Call it Undo")] == [True, False]


SUPPORT = template("support-desk")
HOSTILE: list[tuple[str, list[dict[str, Any]], str]] = [
    ("everything", [{"op": "remove", "block": node.id} for node in SUPPORT.nodes], "would remove 8 of 8 blocks"),
    ("most", [{"op": "remove", "block": node.id} for node in SUPPORT.nodes[:5]], "would remove 5 of 8 blocks"),
    ("script", [{"op": "instructions", "text": "<script>alert(1)</script>"}], "carries a script"),
    ("starter script", [{"op": "starter", "text": "Hi <img src=x onerror=alert(1)>"}], "carries a script"),
    ("path", [{"op": "instructions", "text": "Read /etc/passwd first"}], "names a file of a computer"),
    ("windows path", [{"op": "instructions", "text": "Open C:\\Users\\ada"}], "names a file of a computer"),
    ("secret", [{"op": "instructions", "text": "Use sk-" + "a1B2" * 8}], "key"),
    ("long", [{"op": "instructions", "text": "x" * 200_000}], "characters long; 150000 are possible"),
    ("longer than a GPT holds", [{"op": "instructions", "text": "x" * 120_000}], "at most 100000 characters"),
    ("many", [{"op": "starter", "text": str(number)} for number in range(41)], "up to 40 steps"),
    ("unknown op", [{"op": "format_disk"}], "can’t be read"),
    (
        "deep",
        [{"op": "configure", "block": "search", "config": json.loads("[" * 60 + "]" * 60)}],
        "nested too deeply",
    ),
    ("deep text", [{"op": "configure", "block": "search", "config": "[" * 5_000}], "can’t be read"),
    ("no json", [{"op": "configure", "block": "search", "config": "{top_k"}], "can’t be read"),
    ("no step", ["remove"], "can’t be read"),
    ("no list", {"op": "remove"}, "up to 40 steps"),  # type: ignore[list-item]
    ("unknown block", [{"op": "configure", "block": "nope", "config": {"a": 1}}], "no block “nope”"),
    ("unknown kind", [{"op": "add", "kind": "disk.format", "block": "x"}], "no kind of block"),
    ("reaching out", [{"op": "add", "kind": "http.request", "block": "x"}], "reaches beyond this GPT"),
    ("code", [{"op": "add", "kind": "code.run", "block": "x", "config": {"code": "1"}}], "reaches beyond this GPT"),
    ("loose", [{"op": "add", "kind": "model", "block": "x"}], "is not connected"),
    ("wrong types", [{"op": "connect", "from": "refund.prompt", "to": "model.passages"}], "needs"),
    ("bad config", [{"op": "configure", "block": "search", "config": {"top_k": "many"}}], "isn’t valid"),
    ("itself", [{"op": "connect", "from": "model.answer", "to": "model.prompt"}], "itself"),
]


@pytest.mark.parametrize(("steps", "said"), [each[1:] for each in HOSTILE], ids=[each[0] for each in HOSTILE])
def test_what_would_break_or_empty_a_gpt_is_refused_in_words(steps: Any, said: str) -> None:
    with pytest.raises(FlowEditError) as refused:
        edits_of(SUPPORT, read_steps(steps))
    assert said in str(refused.value)
    for language in ("zh", "fr"):
        assert refused.value.problem.describe(language).message


def test_a_proposal_that_adds_and_connects_is_told_in_words() -> None:
    flow = built()
    agent = flow.nodes[1].id
    steps = [
        {"op": "add", "kind": "knowledge.search", "block": "rules", "name": "School rules"},
        {"op": "connect", "from": "rules.tool", "to": f"{agent}.tools"},
        {"op": "instructions", "text": f"{flow.instructions}\nBe warm."},
        {"op": "rename", "name": "Words"},
    ]
    after = applied(flow, steps)
    assert differences(flow, after, "en") == [
        "The name is “Words”.",
        "The instructions also say: Be warm.",
        "Added the block “School rules”.",
    ]
    assert differences(flow, after, "fr")[0] == "Le nom est «\u202fWords\u202f»."


def test_settings_may_come_as_text() -> None:
    steps = [{"op": "configure", "block": "search", "config": '{"top_k": 9}', "text": "", "texts": []}]
    assert applied(SUPPORT, steps).node("search").config["top_k"] == 9  # type: ignore[union-attr]


def test_every_step_can_be_read_and_is_told_to_models() -> None:
    schema = json.dumps(STEP.json_schema())
    assert all(f'"const": "{op}"' in schema for op in OPS)


class Scripted:
    """A model that proposes what a test wrote, and keeps what it was asked."""

    def __init__(self, *proposals: dict[str, Any]) -> None:
        self.proposals, self.asked = list(proposals), list[ModelRequest]()

    async def reply(self, request: ModelRequest, on_text: Any) -> ModelReply:
        self.asked.append(request)
        return ModelReply(text="", fields=self.proposals.pop(0))


def proposal(*steps: dict[str, Any]) -> dict[str, Any]:
    return {"say": "Here you are.", "steps": list(steps), "try": ["One", "Two", "Three"]}


GOOD = proposal({"op": "rename", "name": "Bees"}, {"op": "ability", "ability": "web", "on": True})
BAD = proposal({"op": "connect", "from": "a.b", "to": "c.d"})
SAID = [Message(role="user", text="Call it Bees and let it search the web")]


def test_what_cannot_be_used_goes_back_to_the_model_with_the_problem() -> None:
    model, flow = Scripted(BAD, GOOD), built()
    reply = asyncio.run(propose(model, flow, SAID))  # type: ignore[arg-type]
    after = with_edits(flow, reply.edits)
    assert (after.name, reply.tries, len(model.asked)) == ("Bees", ("One", "Two"), 2)
    assert "no longer exists" in model.asked[1].messages[-1].text


def test_a_model_that_never_mends_it_is_asked_three_times_and_then_it_is_said() -> None:
    model = Scripted(BAD, BAD, BAD, GOOD)
    with pytest.raises(FlowEditError):
        asyncio.run(propose(model, built(), SAID))  # type: ignore[arg-type]
    assert len(model.asked) == TRIES == 3


@pytest.mark.parametrize(
    ("language", "said", "ops"),
    [
        ("en", "Call it Max. Be friendly. Search the web.", ["rename", "instructions", "ability"]),
        ("en", "Be shorter and also search the web", ["instructions", "ability"]),
        ("fr", "Appelle-le Max. Il doit chercher sur le web.", ["rename", "ability"]),
        ("zh", "叫它小明。语气友好一点。", ["rename", "instructions"]),
    ],
)
def test_several_wishes_of_one_message_are_all_done(language: str, said: str, ops: list[str]) -> None:
    told = answer(built(language), said, language)
    assert [step["op"] for step in told.steps] == ops
    assert applied(built(language), told.steps).name in ("Max", "小明", built(language).name)


@pytest.mark.parametrize(
    ("language", "said", "ops", "left"),
    [
        ("en", "Be friendlier. Add a refund branch.", ["instructions"], ("Add a refund branch.",)),
        ("en", "Add a loop. Call it Max. Be short.", ["rename", "instructions"], ("Add a loop.",)),
        ("en", "Remove the block Quux. Call it Max.", ["rename"], ("Remove the block Quux.",)),
        ("en", "Hello! Call it Max", ["rename"], ()),
        ("fr", "Appelle-le Max. Ajoute une branche.", ["rename"], ("Ajoute une branche.",)),
        ("zh", "叫它小明。加一个分支。", ["rename"], ("加一个分支。",)),
    ],
)
def test_of_several_wishes_those_it_can_are_done_and_the_others_named(
    language: str, said: str, ops: list[str], left: tuple[str, ...]
) -> None:
    told = answer(built(language), said, language)
    assert ([step["op"] for step in told.steps], told.left) == (ops, left)


@pytest.mark.parametrize(
    ("language", "said", "text"),
    [
        ("en", "Be friendlier, and if you cannot answer say: Call us", "Call us"),
        ("en", "When you don't know, say: Ask a librarian", "Ask a librarian"),
        ("fr", "Si tu ne sais pas, réponds : Appelez-nous", "Appelez-nous"),
        ("zh", "回答不了的话就说：请打电话", "请打电话"),
    ],
)
def test_who_says_you_to_it_is_understood_as_well(language: str, said: str, text: str) -> None:
    before = built(language)
    after = applied(before, answer(before, said, language).steps)
    assert read_configuration(after).fallback.text == text


@pytest.mark.parametrize("name", ["support-desk", "translator", "knowledge-helper"])
def test_an_ability_gives_a_model_an_agent_s_place(name: str) -> None:
    flow = template(name)
    assert not any(node.kind == "agent" for node in flow.nodes)
    after = applied(flow, answer(flow, "It should search the web", "en").steps)
    assert read_configuration(after).abilities["web"].is_on
    assert any(node.kind == "agent" for node in after.nodes)


def test_what_is_new_is_what_one_is_offered_to_try() -> None:
    before = built()
    web = applied(before, answer(before, "It should search the web", "en").steps)
    assert to_try(web, "en", before) == ["What is new in the world?", before.starters[0]]
    starter = applied(before, answer(before, "Add a starter: Quiz me on food", "en").steps)
    assert to_try(starter, "en", before)[0] == "Quiz me on food"


def test_lines_of_one_message_are_added_to_each_other() -> None:
    before = built()
    after = applied(before, answer(before, "Always answer in French. Be funny.", "en").steps)
    assert len(after.instructions.splitlines()) == len(before.instructions.splitlines()) + 2


def test_what_asks_for_nothing_belongs_to_the_wish_before() -> None:
    assert wishes_in("Call it “Dr. No” please") == ["Call it “Dr. No” please"]
    assert wishes_in("Always answer in French. It matters to me.") == ["Always answer in French. It matters to me."]
