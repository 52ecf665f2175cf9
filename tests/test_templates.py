"""Every template is useful from the first message on, with no key and no server."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from flowloom.errors import NodeError
from flowloom.flow.model import Flow
from flowloom.kinds.http import HttpReply, HttpRequest
from flowloom.kinds.people import Question, Reply
from flowloom.kinds.registry import all_kinds
from flowloom.locales import LANGUAGES
from flowloom.run.planning.nested_nodes import flow_within
from flowloom.run.planning.plan import config_of, plan_of, ports_of_node
from flowloom.run.reading.view import RunView
from flowloom.runner import problems_of
from flowloom.services.network.guarded_requests import GuardedHttp
from flowloom.store.templates import TAGS, Template, templates, templates_folder
from flowloom.workspace import Workspace

ASKED = {
    "en": {
        "knowledge-helper": ("How many days of holiday do I have?", "28 days"),
        "support-desk": ("I want my money back for order 1042", "14 days"),
        "agent-with-tools": ("What is 17.5% of 2480?", "434"),
        "handy-tools": ("Convert 3 miles into km", "4.82803 km"),
        "form-filler": ("I am Ada Lovelace, ada@example.org. A table for 4 on 2026-12-24", "ada@example.org"),
    },
    "zh": {
        "knowledge-helper": ("我有多少天年假？", "28 天"),
        "support-desk": ("订单 1042 我要退款", "14 天"),
        "agent-with-tools": ("2480 的 17.5% 是多少？", "434"),
        "handy-tools": ("换算：把 3 英里换成公里", "4.82803 km"),
        "form-filler": ("我叫王芳，wangfang@example.org。2026-12-24 留一张 4 人桌", "wangfang@example.org"),
    },
    "fr": {
        "knowledge-helper": ("Combien de jours de congé ai-je ?", "28 jours"),
        "support-desk": ("Je veux être remboursé pour la commande 1042", "14 jours"),
        "agent-with-tools": ("Combien font 17,5 % de 2480 ?", "434"),
        "handy-tools": ("Convertir 3 milles en km", "4.82803 km"),
        "form-filler": ("Je suis Ada Lovelace, ada@example.org. Une table pour 4 le 2026-12-24", "ada@example.org"),
    },
}
WAYS = {
    "currency-converter": ["saved", "saved", "saved"],
    "draft-checker": ["fine", "report", "report"],
    "homework-tutor": ["young", "middle", "older"],
    "letter-reader": ["report", "report", "stopped"],
    "library-desk": ["books", "books", "mail"],
    "meeting-minutes": ["minutes", "minutes", "minutes"],
    "reading-helper": ["summary", "summary", "rows"],
    "sales-analyst": ["analyse", "analyse", "overview"],
    "translator": ["keep", "keep", "keep"],
    "weather-guide": ["saved", "saved", "saved"],
}
"""The block each starter of a template with a branch passes through."""
FORKS = {
    "currency-converter": {"saved", "fetch"},
    "draft-checker": {"fine", "report"},
    "homework-tutor": {"ask", "young", "middle", "older"},
    "letter-reader": {"report", "stopped"},
    "library-desk": {"books", "mail"},
    "meeting-minutes": {"minutes", "nothing"},
    "reading-helper": {"summary", "rows", "search"},
    "sales-analyst": {"analyse", "overview"},
    "translator": {"keep", "ask"},
    "weather-guide": {"saved", "forecast", "agent"},
}
SAID = {
    "en": {
        "currency-converter": ["| USD | 292.5 |", "| GBP | 1032 |", "| GBP | 42.91 |"],
        "draft-checker": ["every sentence", "raffle costs 2 euros", "No passage says: Fireworks"],
        "homework-tutor": ["42", "“I am 13 years old. Why do leaves", "3x + 5 = 20"],
        "letter-reader": ["call [phone number 1] by", "**Amount:** 35", "“idiot”"],
        "library-desk": ["Twenty Thousand", "Silent Spring", "A draft to teachers@example.org"],
        "meeting-minutes": ["2. Ben writes to the parents", "1. Lea updates", "1. Kim checks the sales of March"],
        "reading-helper": ["ordered", "pumps", "| Lake | 95 | 280 |"],
        "sales-analyst": ["| North | 3580 |", "| Coffee | 4680 |", "| Month | 3 | 0 |"],
        "translator": ["into Spanish", "into French", "into German"],
        "weather-guide": ["| Rome | 3–13", "| Beijing | −8–4", "| Paris | 3–8"],
    },
    "zh": {
        "currency-converter": ["| USD | 292.5 |", "| GBP | 1032 |", "| GBP | 42.91 |"],
        "draft-checker": ["每一句都有", "抽奖券每张2元", "最后以烟花"],
        "homework-tutor": ["42", "“我 13 岁。为什么树叶", "3x + 5 = 20"],
        "letter-reader": ["**金额：**780", "[银行账号 1]", "“笨蛋”"],
        "library-desk": ["Twenty Thousand", "Silent Spring", "给 teachers@example.org 的草稿"],
        "meeting-minutes": ["2. 李明通知家长", "1. 小丽更新帮助页面", "1. 小金核对三月的销售额"],
        "reading-helper": ["图书馆", "水泵", "| 湖泊 | 95 | 280 |"],
        "sales-analyst": ["| 北区 | 3580 |", "| 咖啡 | 4680 |", "| 月份 | 3 | 0 |"],
        "translator": ["译成西班牙语", "译成法语", "译成德语"],
        "weather-guide": ["| 罗马 | 3–13", "| 北京 | −8–4", "| 巴黎 | 3–8"],
    },
    "fr": {
        "currency-converter": ["| USD | 292,5 |", "| GBP | 1032 |", "| GBP | 42,91 |"],
        "draft-checker": ["chaque phrase", "tombola coûte 2 euros", "Un feu d’artifice"],
        "homework-tutor": ["42", "J’ai 13 ans. Pourquoi les feuilles", "3x + 5 = 20"],
        "letter-reader": ["appelez le [numéro de téléphone 1]", "**Montant\u202f:** 35", "«\u202fImbécile\u202f»"],
        "library-desk": ["Twenty Thousand", "Silent Spring", "Un brouillon pour teachers@example.org"],
        "meeting-minutes": [
            "2. Benoît écrit aux parents",
            "1. Léa met à jour",
            "1. Kim vérifie les ventes de mars",
        ],
        "reading-helper": ["commande", "pompes", "| Lac | 95 | 280 |"],
        "sales-analyst": ["| Nord | 3580 |", "| Café | 4680 |", "| Mois | 3 | 0 |"],
        "translator": ["en espagnol", "en anglais", "en allemand"],
        "weather-guide": ["| Rome | 3–13", "| Pékin | −8–4", "| Paris | 3–8"],
    },
}
EVERY = [(language, template) for language in LANGUAGES for template in templates(language)]
IDS = [f"{language}-{template.id}" for language, template in EVERY]
every_template = pytest.mark.parametrize(("language", "template"), EVERY, ids=IDS)


BY_ID = dict(zip(IDS, (template for _, template in EVERY), strict=True))


Person = Callable[[Question], Reply]
"""Who answers what a flow asks."""


def agreeable(question: Question) -> Reply:
    """Takes the first choice, and has the same to say to everything a form asks."""
    choice = question.choices[0].id if question.choices else ""
    return Reply(choice=choice, values={field.name: "Ada" for field in question.fields})


def talk(home: Workspace, template: Template, *messages: str, person: Person = agreeable) -> list[RunView]:
    """What one conversation with a template comes to, message by message."""
    flow = home.intake.create_from_template(template)
    conversation = home.runs.new_conversation(flow.id)
    runs = (home.runner.start(flow, message, conversation, language=flow.language) for message in messages)
    return [ended(home, run, person) for run in runs]


def ended(home: Workspace, run: str, person: Person) -> RunView:
    """A run at its end, with all that it asks answered."""
    view = home.runner.finished(run)
    for _ in range(1000):
        for asked in home.questions.open():
            home.inbox.answer(asked.id, person(asked.question))
        view = home.runner.view(run) or view
        if view.state not in ("paused", "running"):
            return view
        time.sleep(0.01)
    raise AssertionError("the run did not end")


def ask(home: Workspace, template: Template, message: str, person: Person = agreeable) -> RunView:
    return talk(home, template, message, person=person)[0]


def passed(view: RunView) -> set[str]:
    return {name for name, node in view.nodes.items() if node.status == "done"}


@every_template
def test_nothing_is_wrong_with_it(language: str, template: Template) -> None:
    assert problems_of(template.flow) == []
    assert template.flow.icon
    assert template.tags
    assert set(template.tags) <= set(TAGS)


@pytest.mark.parametrize(("language", "id"), [(language, id) for language in ASKED for id in ASKED[language]])
def test_answers(home: Workspace, language: str, id: str) -> None:
    message, word = ASKED[language][id]
    view = ask(home, BY_ID[f"{language}-{id}"], message)
    assert view.state == "finished", view.problem
    assert word in view.text


@pytest.mark.parametrize(("language", "id"), [(language, id) for language in SAID for id in SAID[language]])
def test_each_starter_goes_its_way(home: Workspace, language: str, id: str) -> None:
    template = BY_ID[f"{language}-{id}"]
    for starter, word, way in zip(template.flow.starters, SAID[language][id], WAYS[id], strict=True):
        view = ask(home, template, starter)
        assert view.state == "finished", view.problem
        assert word in view.text
        assert passed(view) & FORKS[id] == {way}


@every_template
def test_every_starter_gets_an_answer(home: Workspace, language: str, template: Template) -> None:
    assert template.flow.language == language
    for starter in template.flow.starters:
        view = ask(home, template, starter)
        assert view.state == "finished", view.problem
        assert view.text


def texts_of(flow: Flow) -> set[str]:
    """What a person reads in a flow: all but ids, names of kinds and choices, which have no capital or space."""
    shown = [flow.name, flow.description, flow.instructions, *flow.starters]
    said = {*shown, *strings([[node.name, node.config] for node in flow.nodes])}
    return {text for text in said if " " in text or text != text.lower()}


def strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from strings(list(value.values()))
        case list() | tuple():
            for inner in value:
                yield from strings(inner)


@pytest.mark.parametrize("language", ["zh", "fr"])
def test_every_text_and_document_is_there_in_every_language(language: str) -> None:
    texts = json.loads((templates_folder() / language / "texts.json").read_text("utf-8"))
    english = set().union(*(texts_of(template.flow) for template in templates()))
    assert english - set(texts) == set()
    assert set(texts) - english == set()
    for here, there in zip(templates(), templates(language), strict=True):
        assert here.knowledge.keys() == there.knowledge.keys()


def test_the_run_and_the_conversation_are_kept(home: Workspace) -> None:
    template = next(each for each in templates() if each.id == "knowledge-helper")
    view = ask(home, template, "How many days of holiday do I have?")
    flow_id = home.flows.entries()[0].id
    conversation = home.runs.latest_conversation(flow_id)
    assert conversation is not None
    assert [turn.role for turn in home.runs.turns(conversation)] == ["user", "assistant"]
    assert view.passages
    assert home.runs.latest_run(flow_id) == view.run_id


def test_together_they_show_every_kind() -> None:
    shown = {kind for template in templates() for kind in kinds_in(template.flow)}
    assert shown == {id for id, kind in all_kinds().items() if kind.offered}


def kinds_in(flow: Flow) -> Iterator[str]:
    """The kinds of its nodes, and of those within them."""
    for node in flow.nodes:
        yield node.kind
        yield from kinds_in(flow_within(node, all_kinds()) or Flow())


def test_every_tag_is_in_use() -> None:
    assert {tag for template in templates() for tag in template.tags} == set(TAGS)


@pytest.mark.parametrize(
    ("language", "asked", "age", "again"),
    [
        ("en", "What is 7 × 6?", "I am 12 years old", "And 5 × 3?"),
        ("zh", "7 × 6 等于多少？", "我 12 岁", "那 5 × 3 呢？"),
        ("fr", "Combien font 7 × 6 ?", "J’ai 12 ans", "Et 5 × 3 ?"),
    ],
)
def test_the_tutor_asks_the_age_once(home: Workspace, language: str, asked: str, age: str, again: str) -> None:
    first, told, later = talk(home, BY_ID[f"{language}-homework-tutor"], asked, age, again)
    assert asked in first.text
    assert [passed(view) & FORKS["homework-tutor"] for view in (first, told, later)] == [
        {"ask"},
        {"middle"},
        {"middle"},
    ]
    assert "15" in later.text


@pytest.mark.parametrize(
    ("language", "text", "named"),
    [
        ("en", "Where is the hotel?", "Spanish"),
        ("zh", "酒店在哪里？", "西班牙语"),
        ("fr", "Où est l’hôtel ?", "espagnol"),
    ],
)
def test_the_translator_keeps_to_a_language(home: Workspace, language: str, text: str, named: str) -> None:
    translator = BY_ID[f"{language}-translator"]
    before, _, after = talk(home, translator, text, translator.flow.starters[0], text)
    assert passed(before) & FORKS["translator"] == {"ask"}
    assert text in before.text
    assert "prompt" in passed(after)
    assert named in after.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_minutes_without_a_task_say_how_to_write_one(home: Workspace, language: str) -> None:
    view = ask(home, BY_ID[f"{language}-meeting-minutes"], "42")
    assert passed(view) & FORKS["meeting-minutes"] == {"nothing"}


TODAY = {"en": "250 euros today", "zh": "今天 250 欧元", "fr": "250 euros aujourd’hui"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_today_asks_for_the_rates_of_the_day(
    home: Workspace, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def answer(http: GuardedHttp, request: HttpRequest) -> HttpReply:
        asked.append(request.url)
        return HttpReply(status=200, text='{"base": "EUR", "date": "2030-01-02", "rates": {"USD": 2}}')

    monkeypatch.setattr(GuardedHttp, "request", answer)
    view = ask(home, BY_ID[f"{language}-currency-converter"], TODAY[language])
    assert asked == ["https://api.frankfurter.dev/v1/latest?base=EUR"]
    assert "| USD | 500 |" in view.text
    assert "2030-01-02" in view.text


NOW = {"en": "And right now?", "zh": "此刻呢？", "fr": "Et en ce moment ?"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_weather_service_is_asked_only_for_the_moment(
    home: Workspace, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def answer(http: GuardedHttp, request: HttpRequest) -> HttpReply:
        asked.append(request.url)
        current = {"temperature_2m": 23.5, "wind_speed_10m": 8, "precipitation": 0}
        return HttpReply(status=200, text=json.dumps({"current": current}))

    monkeypatch.setattr(GuardedHttp, "request", answer)
    view = ask(home, BY_ID[f"{language}-weather-guide"], NOW[language])
    (url,) = asked
    assert url.startswith("https://api.open-meteo.com/v1/forecast?latitude=41.9&longitude=12.5&current=temperature")
    assert "**23.5 °C**" in view.text.replace("23,5", "23.5")


def test_rates_out_of_reach_are_told(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(http: GuardedHttp, request: HttpRequest) -> HttpReply:
        raise NodeError("Nobody is there.", "Try again later.")

    monkeypatch.setattr(GuardedHttp, "request", fail)
    converter = BY_ID["en-currency-converter"]
    fetch = converter.flow.node("fetch")
    assert fetch is not None
    hurried = fetch.model_copy(update={"settings": fetch.settings.model_copy(update={"retry_wait": 0})})
    nodes = tuple(hurried if node is fetch else node for node in converter.flow.nodes)
    view = ask(home, replace(converter, flow=converter.flow.model_copy(update={"nodes": nodes})), TODAY["en"])
    assert view.state == "finished"
    assert "Nobody is there." in view.text


LETTERS = {
    "en": ("thank you for the flowers", "Shorter, please", "only a draft"),
    "zh": ("谢谢你送的花", "请短一些", "只是草稿"),
    "fr": ("merci pour les fleurs", "Plus court, merci", "qu’un brouillon"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_go_out_as_they_were_read(home: Workspace, language: str) -> None:
    letters, (about, _, _) = BY_ID[f"{language}-letters-to-everyone"], LETTERS[language]
    shown: list[str] = []

    def person(question: Question) -> Reply:
        shown.append(question.text)
        return Reply(choice="approved")

    listed = "\n".join(f"{name}: {about}" for name in ("Ada", "Ben"))
    for message, count in ((letters.flow.starters[0], 3), (listed, 2)):
        view = ask(home, letters, message, person)
        assert view.text == shown[-1]
        assert len(view.text.split("\n\n---\n\n")) == count
        assert about in view.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_are_written_anew_until_they_are_good(home: Workspace, language: str) -> None:
    letters, (about, wish, draft) = BY_ID[f"{language}-letters-to-everyone"], LETTERS[language]
    shown: list[str] = []

    def person(question: Question) -> Reply:
        shown.append(question.text)
        return Reply(choice="approved") if len(shown) == 2 else Reply(choice="declined", comment=wish)

    view = ask(home, letters, letters.flow.starters[0], person)
    assert [text.count(wish) for text in shown] == [0, 3]
    assert view.text == shown[1]
    assert about in view.text
    refused = ask(home, letters, letters.flow.starters[0], lambda question: Reply(choice="declined"))
    assert draft in refused.text
    assert about in refused.text


HOLIDAY = {
    "en": ["Dear Ada", "is granted", "half of these days", "cannot be granted"],
    "zh": ["Ada，您好", "已获批准", "其中一半", "无法批准"],
    "fr": ["Bonjour Ada", "est accordée", "la moitié de ces jours", "ne peuvent pas"],
}


@pytest.mark.parametrize("way", [0, 1, 2], ids=["granted", "half", "refused"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_holiday_request_is_answered_by_a_letter(home: Workspace, language: str, way: int) -> None:
    holiday, (greeting, *words) = BY_ID[f"{language}-holiday-request"], HOLIDAY[language]
    asked: list[Question] = []

    def person(question: Question) -> Reply:
        asked.append(question)
        if question.fields:
            given = dict(zip((field.name for field in question.fields), filled, strict=True))
            return Reply(values=given)
        return Reply(choice=question.choices[way].id, comment="See you soon!" if way == 1 else "")

    filled = ["Ada", "2030-05-04", "2030-05-08", "the sea"]
    view = ask(home, holiday, holiday.flow.starters[0], person)
    assert asked[0].text == holiday.flow.starters[0]
    assert all(each in asked[1].text for each in filled)
    assert greeting in view.text
    assert [word in view.text for word in words] == [at == way for at in range(3)]
    assert "2030-05-08" in view.text
    assert ("See you soon!" in view.text) == (way == 1)


KNOWN = {
    "en": ("What do you know about me?", "Name: Ada", "Town: Rome", "I live in Paris now."),
    "zh": ("你知道我的哪些事？", "姓名: 王芳", "城市: 杭州", "我现在住在北京。"),
    "fr": ("Que sais-tu de moi ?", "Nom: Ada", "Ville: Lyon", "J’habite maintenant à Paris."),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_assistant_knows_the_person_in_every_conversation(home: Workspace, language: str) -> None:
    assistant, (question, name, town, moved) = BY_ID[f"{language}-personal-assistant"], KNOWN[language]
    before, told, _ = talk(home, assistant, question, *assistant.flow.starters[:2])
    assert name not in before.text
    for view in (told, ask(home, assistant, question)):
        assert name in view.text
        assert town in view.text
    changed, later = talk(home, assistant, moved, question)
    for view in (changed, later):
        assert name in view.text
        assert town not in view.text


def box(flow: Flow, index: int) -> tuple[float, float, float, float]:
    """Where a card stands on the canvas: left, top, right and bottom, roughly."""
    node = flow.nodes[index]
    kind = all_kinds()[node.kind]
    at = flow.layout[node.id]
    if kind.annotates:
        return at.x, at.y, at.x + 180, at.y + max(60, 16 + 16 * (len(node.config["text"]) // 30 + 1))
    inputs, _ = ports_of_node(node, kind, config_of(node, kind))
    shown_in = {edge.end.port for edge in flow.edges if edge.end.node == node.id}
    shown_in |= {port.id for port in inputs.values() if port.required}
    shown_out = {edge.start.port for edge in flow.edges if edge.start.node == node.id}
    shown_out |= {port.id for port in kind.ways_out(config_of(node, kind))}
    rows = max(len(shown_in), len(shown_out))
    return at.x, at.y, at.x + 180, at.y + 54 + 20 * rows


@pytest.mark.parametrize("id", [template.id for template in templates()])
def test_no_card_lies_upon_another_and_only_loops_lead_back(id: str) -> None:
    flow = BY_ID[f"en-{id}"].flow
    boxes = {node.id: box(flow, index) for index, node in enumerate(flow.nodes) if node.kind != "group"}
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        apart = a[2] + 30 <= b[0] or b[2] + 30 <= a[0] or a[3] + 10 <= b[1] or b[3] + 10 <= a[1]
        assert apart, (one, other)
    for step in plan_of(flow, all_kinds()).steps:
        for link in step.outgoing:
            here, there = boxes[step.id], boxes[link.target.id]
            # To the right, or into a row below, as one reads.
            leads_on = here[0] < there[0] or there[1] >= here[3]
            assert leads_on == (link.back is None), (step.id, link.target.id)


SEARCHED = {"en": "Search lake", "zh": "搜索湖", "fr": "Cherche lac"}
WORDS = {"en": "lake", "zh": "湖", "fr": "lac"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reading_helper_asks_before_it_goes_out(
    home: Workspace, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def answer(http: GuardedHttp, request: HttpRequest) -> HttpReply:
        asked.append(request.url)
        if "wikipedia" in request.url:
            return HttpReply(status=200, text='{"query": {"search": [{"title": "Lac", "snippet": "Blue"}]}}')
        return HttpReply(
            status=200,
            headers={"content-type": "text/plain"},
            text="The lake is blue. It is warm in July.",
            url=request.url,
        )

    monkeypatch.setattr(GuardedHttp, "request", answer)
    helper, shown = BY_ID[f"{language}-reading-helper"], []

    def person(question: Question) -> Reply:
        shown.append(list(asked))
        return agreeable(question)

    page = ask(home, helper, "https://lake.example/a", person)
    assert "The lake is blue." in page.text
    found = ask(home, helper, SEARCHED[language], person)
    assert f"https://{language}.wikipedia.org/wiki/Lac" in found.text
    # The page was written down by the person; the search is asked for before anything is sent.
    assert shown == [asked[:1]]
    assert asked[0] == "https://lake.example/a"
    assert parse_qs(urlsplit(asked[1]).query)["srsearch"] == [WORDS[language]]


def test_a_tidied_table_is_offered_as_a_file(home: Workspace) -> None:
    helper = BY_ID["en-reading-helper"]
    ask(home, helper, helper.flow.starters[2])
    flow_id = home.flows.entries()[0].id
    turn = home.runs.turns(home.runs.latest_conversation(flow_id) or "")[-1]
    (file,) = turn.attachments
    found = home.runs.attachment(flow_id, file.id)
    assert file.name == "table.csv"
    assert found is not None
    assert found[1] == b"Pump,Price,Watts\nBrook,120,300\nLake,95,280\nRiver,210,450\n"
    assert (home.home / "files" / flow_id / "table.csv").read_bytes() == found[1]


@pytest.mark.parametrize(
    ("question", "told", "source"),
    [
        ("发烧了，早上要跟谁说？", "tell your team lead before nine", "staff-handbook.md"),
        ("Quand faut-il remettre mes notes de frais ?", "fifth of the following month", "staff-handbook.md"),
        ("Darf ich zu Hause arbeiten?", "three days a week", "staff-handbook.md"),
    ],
)
def test_documents_answer_in_other_languages_with_no_key(
    home: Workspace, question: str, told: str, source: str
) -> None:
    answer = ask(home, next(each for each in templates("en") if each.id == "knowledge-helper"), question).text
    assert told in answer
    assert source in answer


@pytest.mark.parametrize(
    "question", ["红烧肉怎么做？", "Who won the World Cup in 1998?", "Pourquoi le ciel est-il bleu ?"]
)
def test_what_no_document_tells_is_not_cited(home: Workspace, question: str) -> None:
    view = ask(home, next(each for each in templates("en") if each.id == "knowledge-helper"), question)
    assert ".md" not in view.text
    assert view.text
