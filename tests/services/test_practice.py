"""The practice model: no AI, but useful, honest and always the same."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.kinds.values import Message, ModelReply, ModelRequest, Passage, ToolCall, ToolSpec
from flowloom.services.models.practice_choices import choose
from flowloom.services.models.practice_dates import find_dates
from flowloom.services.models.practice_fields import fill
from flowloom.services.models.practice_finds import find_expression, find_numbers
from flowloom.services.models.practice_rules import without_notes
from flowloom.services.models.practice_texts import NOTES, TEXTS
from flowloom.services.models.router import ModelRouter
from flowloom.services.models.schemas import find_mismatch, without_nulls
from flowloom.services.models.settings import ModelSettings
from flowloom.services.secrets import SecretStore
from flowloom.words import language_of, sentences, stem, terms

ROUTER = ModelRouter(ModelSettings(), SecretStore(Path("never-written")))


def ask(*messages: Message | str, pieces: list[str] | None = None, **more: Any) -> ModelReply:
    said = [Message(role="user", text=each) if isinstance(each, str) else each for each in messages]
    on_text = (pieces if pieces is not None else []).append
    return asyncio.run(ROUTER.reply(ModelRequest(messages=said, **more), on_text))


HANDBOOK = [
    Passage(text="# Holidays\nYou have 25 days of paid holiday. Ask two weeks ahead.", file="h.pdf", page=3),
    Passage(text="The canteen opens at 11:30. Guests pay 8 euros.", file="h.pdf", page=7),
]
GUIDE = [
    Passage(text="Chaque salarié a 25 jours de congés. La cantine ouvre à midi.", file="g.md", heading="Congés")
]
SHOUCE = [Passage(text="每位员工有十五天年假。食堂十一点半开门。", file="手册.md", heading="假期")]


@pytest.mark.parametrize(
    ("question", "passages", "has", "has_not"),
    [
        (
            "How many days of holiday do I have?",
            HANDBOOK,
            ["25 days of paid holiday. [1]", "[1] h.pdf, p. 3"],
            "canteen",
        ),
        ("When does the canteen open?", HANDBOOK, ["opens at 11:30. [2]", "[2] h.pdf, p. 7"], "holiday"),
        ("How much vacation is there?", HANDBOOK, ["25 days"], "canteen"),
        ("What is the capital of Peru?", HANDBOOK, [TEXTS["en"]["nothing"]], "25"),
        ("Combien de jours de congé ai-je ?", GUIDE, ["25 jours de congés. [1]", "Sources\u202f:"], "cantine"),
        ("我有多少天年假？", SHOUCE, ["十五天年假。 [1]", "来源："], "食堂"),
        ("食堂什么时候开门？", SHOUCE, ["十一点半开门"], "十五天"),
    ],
)
def test_answers_from_passages(question: str, passages: list[Passage], has: list[str], has_not: str) -> None:
    reply = ask(question, passages=passages)
    assert all(piece in reply.text for piece in has)
    assert has_not not in reply.text


def test_finds_the_question_in_a_filled_in_template() -> None:
    quoted = "\n\n".join(passage.text for passage in HANDBOOK)
    template = f"Answer from these passages:\n\n{quoted}\n\nQuestion: When is the canteen open?"
    assert "11:30" in ask(template, passages=HANDBOOK).text
    assert "25 days" not in ask(template, passages=HANDBOOK).text


ROUTES = {
    "refund": "The customer wants their money back",
    "technical": "Something does not work",
    "other": "Anything else",
}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I want my money returned", "refund"),
        ("please refund me", "refund"),
        ("My app crashes when I log in", "technical"),
        ("je veux être remboursé", "refund"),
        ("我要退款", "refund"),
        ("软件打不开了", "technical"),
        ("What a lovely day", "other"),
        ("technicl", "technical"),
        ("Refund", "refund"),
    ],
)
def test_chooses(text: str, label: str) -> None:
    pieces: list[str] = []
    assert ask(text, choices=ROUTES, pieces=pieces).text == label
    assert pieces == []


@pytest.mark.parametrize(
    ("text", "choices", "label"),
    [
        ("blue", {"red": "", "green": ""}, ""),
        ("", {"red": "", "green": ""}, ""),
        ("I loved it, thank you!", {"positive": "", "negative": ""}, "positive"),
        ("这个产品太差了", {"正面": "positive, happy", "负面": "negative, bad"}, "负面"),
        ("anything", {}, ""),
    ],
)
def test_chooses_nothing_where_nothing_fits(text: str, choices: dict[str, str], label: str) -> None:
    assert ask(text, choices=choices).text == label


def tool(name: str, about: str, required: list[str], **properties: Any) -> ToolSpec:
    schema = {"type": "object", "properties": properties, "required": required}
    return ToolSpec(name=name, description=about, parameters=schema)


CALCULATOR = tool("calculator", "Work out a calculation", ["expression"], expression={"type": "string"})
WEATHER = tool(
    "get_weather", "The weather of a city on a day", ["city"], city={"type": "string"},
    day={"type": "string", "format": "date"}, unit={"enum": ["celsius", "fahrenheit"]},
)  # fmt: skip
SEARCH = tool("search_handbook", "Find passages in the staff handbook", ["question"], question={"type": "string"})


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("What is 17 times 23?", "calculator", {"expression": "17 * 23"}),
        ("Combien font 12,5 fois 4 ?", "calculator", {"expression": "12,5 * 4"}),
        ("12 乘以 8 等于多少", "calculator", {"expression": "12 * 8"}),
        ("(3 + 4) * 2 please", "calculator", {"expression": "(3 + 4) * 2"}),
        ("20% of 150?", "calculator", {"expression": "20 / 100 * 150"}),
        ("Weather in Paris on 3 March 2026?", "get_weather", {"city": "Paris", "day": "2026-03-03"}),
        (
            "Will it rain in New York, in fahrenheit?",
            "get_weather",
            {"city": "New York", "unit": "fahrenheit"},
        ),
        ("Quel temps fait-il à Lyon ?", "get_weather", {"city": "Lyon"}),
        ("北京今天天气怎么样？", "get_weather", {"city": "北京", "day": date.today().isoformat()}),
        ("How long is parental leave?", "search_handbook", {"question": "How long is parental leave?"}),
    ],
)
def test_calls_the_tool_that_fits(text: str, name: str, arguments: dict[str, Any]) -> None:
    reply = ask(text, tools=[WEATHER, CALCULATOR, SEARCH])
    assert [(call.name, call.arguments) for call in reply.tool_calls] == [(name, arguments)]


def test_tells_what_a_tool_answered_and_asks_for_what_is_missing() -> None:
    call = ToolCall(id="c", name="calculator", arguments={"expression": "17*23"})
    turn = ["What is 17 times 23?", Message(role="assistant", tool_calls=(call,))]
    assert "391" in ask(*turn, Message(role="tool", text="391", tool_call_id="c"), tools=[CALCULATOR]).text
    told = ask(
        *turn, Message(role="tool", text='{"total": 391, "unit": "m"}', tool_call_id="c"), tools=[CALCULATOR]
    )
    assert "total: 391" in told.text
    missing = ask("weather please", tools=[WEATHER])
    assert "city" in missing.text
    assert missing.tool_calls == ()
    assert ask("Thank you", tools=[WEATHER, CALCULATOR]).tool_calls == ()


ORDER = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "email": {"type": ["string", "null"]},
        "phone": {"type": "string"},
        "amount": {"type": "number"},
        "quantity": {"type": "integer", "description": "How many items"},
        "due_date": {"type": "string", "format": "date"},
        "urgent": {"type": "boolean"},
        "category": {"enum": ["refund", "question", "complaint"]},
    },
    "required": ["name", "amount"],
}


def test_fills_in_forms() -> None:
    text = (
        "My name is Anna Schmidt (anna@example.com, +49 170 1234567). I bought 3 lamps and paid 59.90 euros. "
        "I want a refund by 2026-04-01, it is not urgent."
    )
    assert ask(text, response_schema=ORDER).fields == {
        "name": "Anna Schmidt",
        "email": "anna@example.com",
        "phone": "+49 170 1234567",
        "amount": 59.9,
        "quantity": 3,
        "due_date": "2026-04-01",
        "urgent": False,
        "category": "refund",
    }


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (
            "Je m'appelle Zoé Dupont, facture de 1 200,50 €",
            {"name": "Zoé Dupont", "amount": 1200.5, "email": None},
        ),
        (
            "我叫李雷，电话 13812345678，投诉",
            {"name": "李雷", "phone": "13812345678", "category": "complaint"},
        ),
        ("name: Bob\namount: 7\nurgent: yes", {"name": "Bob", "amount": 7.0, "urgent": True}),
        ("nothing at all", {"name": "", "amount": 0, "email": None, "phone": ""}),
    ],
)
def test_fills_in_what_is_there(text: str, fields: dict[str, Any]) -> None:
    filled = ask(text, response_schema=ORDER).fields
    assert {name: filled[name] for name in fields} == fields


_LEAF = st.sampled_from(
    [{"type": kind} for kind in ("string", "number", "integer", "boolean")]
    + [
        {"type": ["string", "null"]},
        {"enum": ["a", "b"]},
        {"const": 5},
        {"anyOf": [{"type": "null"}, {"type": "integer"}]},
    ]
    + [
        {"type": "string", "format": "date"},
        {"type": "array", "items": {"type": "string"}},
        {"type": "array"},
    ]
)
_NAMES = st.sampled_from(
    ["name", "email", "amount", "date", "total", "city", "is_urgent", "question", "items", "url"]
)
_FORM = st.recursive(
    _LEAF,
    lambda inner: st.dictionaries(_NAMES, inner, max_size=4).map(
        lambda fields: {"type": "object", "properties": fields, "required": list(fields)[::2]}
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(_NAMES, _FORM, max_size=4), st.text(max_size=80))
def test_a_filled_in_form_always_fits(fields: dict[str, Any], text: str) -> None:
    schema = {"type": "object", "properties": fields, "required": list(fields)}
    assert find_mismatch(without_nulls(fill(schema, text), schema), schema) == ""


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("Tell me about the sea", "Here a model would answer in three to five sentences: “Tell me about the sea”."),
        ("Write a birthday poem for my sister", "a birthday poem of about 12 lines for your sister."),
        (
            "Write a letter to Ann about the school trip",
            "a letter of about 120 words to Ann about the school trip.",
        ),
        (
            "Please write a 50 words e-mail to Mr Lee about the delay",
            "of about 50 words to Mr Lee about the delay.",
        ),
        (
            "Translate into German: I'd like two tickets",
            "translate this into German, in the same tone: “I'd like two",
        ),
        ("What could I do on a free afternoon? Suggest something", "suggest three or four ideas"),
        ("Why is the sky blue?", "explain this in three or four short steps"),
        ("Parle-moi de la mer", "Ici, un modèle répondrait en trois à cinq phrases : « Parle-moi de la mer »."),
        (
            "Écris une lettre à Anne au sujet de la sortie scolaire",
            "d’environ 120 mots à Anne au sujet de la sortie",
        ),
        ("Comment dit-on « à demain » en italien ?", "traduirait ceci en italien, sur le même ton : « à demain »."),
        ("说说大海", "模型会在这里用三到五句话回答：“说说大海”。"),
        ("给安妮写封信，说说学校郊游的事", "写一封两百字左右的信（写给安妮），内容是学校郊游。"),
        ("“明天见”用意大利语怎么说？", "把这段话译成意大利语，并保持语气：“明天见”。"),
    ],
)
def test_what_only_a_model_could_write_is_told_by_its_shape(text: str, shape: str) -> None:
    pieces: list[str] = []
    reply = ask(Message(role="system", text="Be brief. You are a pirate."), text, pieces=pieces)
    assert shape in reply.text
    assert "pirate" not in reply.text
    assert reply.only_shape
    assert reply.text == "".join(pieces)
    assert len(pieces) > 5
    assert reply.usage.cost == 0.0


def test_only_the_persons_own_words_are_quoted() -> None:
    known = "Town: Rome"
    facts = ask(f"Known about me:\n{known}\nRules: be kind.\n\nI moved.", said=["I moved."], known=[known])
    assert known in facts.text
    assert "Rules" not in facts.text
    prompt = "A customer writes. Ask what they saw, then be nice.\n\nMy lamp is {0}\n\nHouse rules: be polite."
    reply = ask(prompt.format("blue"), said=["My lamp is blue"])
    assert "“My lamp is blue”" in reply.text
    assert "customer writes" not in reply.text
    assert "House rules" not in reply.text
    of_a_file = ask("Rewrite what follows kindly:\n\nThe page.", said=["Please read https://a.example"])
    assert "Rewrite" not in of_a_file.text


def test_says_what_it_is_once_in_a_conversation() -> None:
    first = ask("Hello").text
    assert first.endswith(TEXTS["en"]["note"])
    again = ask("Hello", Message(role="assistant", text=first), "Thank you").text
    assert not any(note in again for note in NOTES)
    chained = ask(f"Improve this: {first}").text
    assert sum(chained.count(note) for note in NOTES) == 0


def test_sums_up() -> None:
    text = "Summarise: Cats sleep a lot. Cats hunt mice at night. The weather is fine. Mice fear cats."
    assert "weather" not in ask(text).text
    assert "Cats hunt mice at night." in ask(text).text


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200), st.booleans())
def test_always_answers_and_always_the_same(text: str, with_passages: bool) -> None:
    more: dict[str, Any] = {"passages": HANDBOOK} if with_passages else {"tools": [CALCULATOR, WEATHER]}
    one, two = ask(text, **more), ask(text, **more)
    assert one == two
    assert one.text or one.tool_calls


@given(st.text(max_size=60), st.dictionaries(st.text(max_size=10), st.text(max_size=20), max_size=4))
def test_only_ever_chooses_a_label(text: str, choices: dict[str, str]) -> None:
    assert choose(text, choices) in {*choices, ""}


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("on 2026-03-05 or 05/03/2026", ["2026-03-05", "2026-03-05"]),
        ("March 5, 2026", ["2026-03-05"]),
        ("le 1er août 2026", ["2026-08-01"]),
        ("2026年3月5日", ["2026-03-05"]),
        ("12/25/2026", ["2026-12-25"]),
        ("99/99/2026 and 2026-02-30", []),
    ],
)
def test_finds_dates(text: str, dates: list[str]) -> None:
    assert find_dates(text) == dates


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1,200.50 and 1 200,50 and 3", [1200.5, 1200.5, 3.0]),
        ("call +49 170 1234567", []),
        ("-5°", [-5.0]),
        ("买2件", [2.0]),
    ],
)
def test_finds_numbers(text: str, numbers: list[float]) -> None:
    assert [number for _, number in find_numbers(text)] == numbers


@given(st.text(alphabet="0123456789+-*/().,% x^", max_size=40))
def test_sums_have_balanced_brackets(text: str) -> None:
    found = find_expression(text)
    assert found.count("(") == found.count(")")


@pytest.mark.parametrize(
    "words",
    [
        "refund refunds refunded refunding",
        "plan plans planned planning",
        "congé congés",
        "rembourser rembourse remboursé",
    ],
)
def test_stems_are_alike(words: str) -> None:
    assert len({terms(word)[0] for word in words.split()}) == 1
    assert stem("bus") == "bus"


def test_reads_words() -> None:
    assert terms("我的年假有多少天") == terms("我的年假有多少天？")
    assert "年假" in terms("我的年假有多少天")
    assert sentences("# Title\nOne. Two!\n- three\n四。五") == ["One.", "Two!", "three 四。", "五"]
    assert language_of("12", otherwise="fr") == "fr"
    assert without_notes(f"x {NOTES[0]}") == "x"


def test_a_summary_of_summaries_is_one() -> None:
    said = ask(
        Message(role="system", text="Summarise the text."), "In short: The pool opens.\n\nIn short: It is cold."
    )
    assert without_notes(said.text) == "In short: The pool opens. It is cold."


def test_a_translation_is_left_to_a_model() -> None:
    task = "Translate the person's text into French. Keep its Markdown as it is."
    said = ask(Message(role="system", text=task), "# Hello\n\n- one\n- two")
    assert said.text == "Here a model would translate this into French, in the same tone: “# Hello - one - two”."
    assert said.only_shape


def test_a_subject_is_the_first_sentence_in_any_letters() -> None:
    for schema in ({"subject": {"type": "string"}}, {"_1": {"type": "string", "title": "主题"}}):
        more = {"other": {"type": "string"}}
        found = fill({"type": "object", "properties": schema | more}, "明天开会。请带笔。")
        assert next(iter(found.values())) == "明天开会。"
