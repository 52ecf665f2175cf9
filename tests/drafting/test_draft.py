"""A GPT drafted from a sentence is about what the sentence says, and checks clean."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.drafting.cues import PURPOSES
from flowloom.drafting.draft import draft, fitting_template, phrases
from flowloom.drafting.wish import read_wish
from flowloom.flow.file import read_flow, write_flow
from flowloom.kinds.registry import all_kinds
from flowloom.run.planning.check import blocking, find_problems

TOLD = [
    ("en", "a tutor that quizzes my 7th graders on French vocabulary", "quiz", "French vocabulary", "7th graders"),
    ("en", "I want a GPT that plans cheap family trips in Italy", "plan", "cheap family trips in Italy", ""),
    ("en", "Help my customers with their bike repairs", "support", "bike repairs", "customers"),
    (
        "en",
        "a bot that writes funny birthday poems for my grandmother",
        "write",
        "funny birthday poems",
        "grandmother",
    ),
    ("en", "Something that answers questions from our employee handbook", "documents", "employee handbook", ""),
    ("en", "a chess coach for beginners", "coach", "chess", "beginners"),
    ("en", "an interview coach for nurses", "coach", "interview", ""),
    ("en", "analyse my sales data and draw charts", "analyse", "sales data", ""),
    ("en", "Explain photosynthesis to children", "tutor", "photosynthesis", "children"),
    ("en", "plan a trip to Rome", "plan", "trip to Rome", ""),
    ("en", "play chess against me", "play", "chess", ""),
    ("en", "help me lose weight", "general", "lose weight", ""),
    (
        "fr",
        "Un prof qui interroge mes élèves de 5e sur les verbes irréguliers",
        "quiz",
        "verbes irréguliers",
        "des élèves de 5e",
    ),
    ("fr", "Aide-moi à organiser mon mariage", "plan", "mon mariage", ""),
    ("fr", "Un compagnon pour écrire des poèmes", "write", "poèmes", ""),
    ("fr", "Traduire des messages en espagnol", "translate", "messages en espagnol", ""),
    ("zh", "帮我考初一学生英语单词并纠正错误", "quiz", "英语单词", "初一学生"),
    ("zh", "一个推荐北京周末活动的助手", "recommend", "北京周末活动", ""),
    ("zh", "辅导孩子数学作业", "tutor", "数学作业", "孩子"),
    ("zh", "陪我下围棋", "play", "围棋", ""),
]


@pytest.mark.parametrize(("language", "text", "purpose", "topic", "audience"), TOLD)
def test_a_wish_is_understood(language: str, text: str, purpose: str, topic: str, audience: str) -> None:
    wish = read_wish(text, language)
    assert (wish.purpose, wish.topic, wish.audience) == (purpose, topic, audience)


@pytest.mark.parametrize(("language", "text"), [(each[0], each[1]) for each in TOLD])
def test_a_draft_is_about_the_wish_and_checks_clean(language: str, text: str) -> None:
    wish = read_wish(text, language)
    flow = draft(wish)
    assert wish.topic.casefold() in f"{flow.name} {' '.join(flow.starters)}".casefold()
    assert text in flow.instructions
    assert wish.audience in flow.instructions
    assert flow.language == language
    assert 3 <= len(flow.starters) <= 4
    assert not re.search(r"\{(?:topic|audience|wish)\}", write_flow(flow))
    assert blocking(find_problems(flow, all_kinds())) == []


@pytest.mark.parametrize(
    ("text", "language", "has"),
    [
        ("A friend that remembers what I like", "en", "memory.remember"),
        ("Sum up the latest news on bees", "en", "web.search"),
        ("Answer questions from our handbook", "en", "knowledge.search"),
        ("Illustrate bedtime stories with pictures", "en", "picture.make"),
        ("Analyse my sales table", "en", "code.analyse"),
        ("Un prof de calcul pour ma fille", "fr", "calculator"),
        ("记住我口味的美食助手", "zh", "memory.remember"),
    ],
)
def test_what_it_has_to_be_able_to_do_becomes_blocks(text: str, language: str, has: str) -> None:
    assert has in [node.kind for node in draft(read_wish(text, language)).nodes]


SOURCES = [
    (
        "en",
        "Answer questions of members of my sports club from our leaflet",
        "leaflet",
        "members of my sports club",
    ),
    ("en", "Answer parents' questions using our school handbook", "school handbook", "parents"),
    ("en", "a GPT that knows our product manuals and helps technicians", "product manuals", "technicians"),
    (
        "en",
        "Reply to guests of our holiday flat based on the house rules PDF",
        "house rules PDF",
        "guests of our holiday flat",
    ),
    (
        "en",
        "Help tenants look things up in the building regulations",
        "building regulations",
        "tenants",
    ),
    ("en", "answer emails from applicants using our FAQ", "FAQ", "applicants"),
    ("en", "find things in my lecture notes", "lecture notes", ""),
    ("en", "A GPT for residents about waste collection, from the town brochure", "waste collection", "residents"),
    ("en", "Let colleagues query the ISO 9001 documentation", "ISO 9001 documentation", ""),
    (
        "fr",
        "Répondre aux membres de mon club à partir de notre brochure",
        "brochure",
        "des membres de mon club",
    ),
    ("fr", "Un assistant qui connaît le règlement de la copropriété", "règlement de la copropriété", ""),
    ("fr", "Aider les nouveaux employés avec notre wiki interne", "wiki interne", "des nouveaux employés"),
    ("fr", "Répondre aux parents d'après le guide de l'école", "guide de l'école", "des parents"),
    ("zh", "根据我们的宣传册回答会员的问题", "宣传册", "会员"),
    ("zh", "一个熟悉公司报销制度的助手", "公司报销制度", ""),
    ("zh", "从产品说明书里回答客户的问题", "产品说明书", "客户"),
]


@pytest.mark.parametrize(("language", "text", "topic", "audience"), SOURCES)
def test_who_wants_answers_from_documents_gets_a_search_named_after_them(
    language: str, text: str, topic: str, audience: str
) -> None:
    wish = read_wish(text, language)
    assert (wish.purpose, wish.topic, wish.audience) == ("documents", topic, audience)
    flow = draft(wish)
    assert topic in flow.name
    assert "knowledge.search" in [node.kind for node in flow.nodes]


@pytest.mark.parametrize(
    ("language", "text", "purpose"),
    [
        ("en", "Draft a privacy policy for a small shop", "write"),
        ("en", "Summarise long reports for my boss", "summarise"),
        ("en", "recommend books for my book club", "recommend"),
        ("en", "a friendly guide to Lisbon for my parents", "general"),
        ("fr", "Rédige une charte pour notre association", "write"),
        ("zh", "写一份员工手册", "write"),
    ],
)
def test_who_wants_a_document_made_has_none_to_answer_from(language: str, text: str, purpose: str) -> None:
    wish = read_wish(text, language)
    assert (wish.purpose, wish.documents) == (purpose, False)


def test_what_is_left_of_a_wish_begins_with_no_preposition() -> None:
    assert read_wish("help my son with maths homework", "en").topic == "maths homework"
    assert read_wish("Help visitors of our museum find what they look for", "en").topic == "find what they look for"


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("Turn my meeting notes into a list of decisions and tasks", "meeting-minutes"),
        ("Convert prices from euros to dollars at todays rate", "currency-converter"),
        ("A tutor that quizzes my 7th graders on French vocabulary", None),
        ("Customer support for a bike repair shop", None),
        ("Explain science to children in easy words", None),
    ],
)
def test_only_a_template_that_truly_fits_is_used(text: str, template: str | None) -> None:
    found = fitting_template(read_wish(text, "en"))
    assert (found.id if found else None) == template


@pytest.mark.parametrize("language", ["fr", "zh"])
def test_every_language_has_every_phrase(language: str) -> None:
    english, other = phrases("en"), phrases(language)
    assert set(other) == set(english) >= set(PURPOSES)
    for purpose in PURPOSES:
        assert len(other[purpose]["starters"]) == len(english[purpose]["starters"])
        assert len(other[purpose]["task"]) == len(english[purpose]["task"])


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=1_200).filter(str.strip), st.sampled_from(["en", "fr", "zh"]))
def test_any_text_gives_a_gpt_that_can_be_kept(text: str, language: str) -> None:
    wish = read_wish(text, language)
    if wish.topic:
        flow = draft(wish)
        assert len(flow.name) <= 61
        assert read_flow(write_flow(flow)) == flow
