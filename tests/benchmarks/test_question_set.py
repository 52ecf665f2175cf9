"""The question set is large enough, in three languages, and its parts are what they claim to be."""

from collections import Counter

from benchmarks.question_set import ACROSS, FAR, HELD_OUT, NEAR, PARAPHRASE, PARTS, SAME, TUNING, read_questions

from flowloom.words import language_of, terms

SECTIONS, QUESTIONS = read_questions()
BY_ID = {section.id: section for section in SECTIONS}
ANSWERABLE = [question for question in QUESTIONS if question.answers]


def test_there_are_enough_of_each_part_and_language() -> None:
    assert min(Counter(section.language for section in SECTIONS).values()) >= 50
    assert len(ANSWERABLE) >= 240
    for part in PARTS:
        asked = Counter(question.language for question in ANSWERABLE if question.part == part)
        assert set(asked) == {"en", "fr", "zh"}
        assert sum(asked.values()) >= len(ANSWERABLE) / 3
    assert Counter(question.part for question in QUESTIONS)[NEAR] >= 80
    assert Counter(question.part for question in QUESTIONS)[FAR] >= 40
    assert {question.part for question in QUESTIONS} == {*PARTS, NEAR, FAR}


def test_the_halves_share_no_section_and_are_alike() -> None:
    halves = {
        half: {question.answers[0] for question in ANSWERABLE if question.half == half}
        for half in (TUNING, HELD_OUT)
    }
    assert not halves[TUNING] & halves[HELD_OUT]
    for part in (*PARTS, NEAR, FAR):
        counted = Counter(question.half for question in QUESTIONS if question.part == part)
        assert abs(counted[TUNING] - counted[HELD_OUT]) <= 1


def test_nothing_is_there_twice_and_every_answer_exists() -> None:
    assert len(BY_ID) == len(SECTIONS) == len({section.text for section in SECTIONS})
    assert len({question.question for question in QUESTIONS}) == len(QUESTIONS)
    assert {id for question in QUESTIONS for id in question.answers} <= set(BY_ID)
    assert all(bool(question.answers) == (question.part in PARTS) for question in QUESTIONS)
    files = {section.file for section in SECTIONS}
    assert all((question.near in files) == (question.part == NEAR) for question in QUESTIONS)


def test_languages_are_those_said() -> None:
    for question in QUESTIONS:
        assert language_of(question.question, question.language) == question.language, question.question
    for question in ANSWERABLE:
        across = BY_ID[question.answers[0]].language != question.language
        assert across == (question.part == ACROSS), question.question


def shared_words(question: str, text: str) -> set[str]:
    return set(terms(question)) & set(terms(text))


def test_a_paraphrase_shares_no_content_word_with_its_section() -> None:
    shared = {
        question.question: words
        for question in ANSWERABLE
        if question.part == PARAPHRASE
        for id in question.answers
        if (words := shared_words(question.question, BY_ID[id].text))
    }
    assert shared == {}


def test_the_check_of_shared_words_finds_them_where_they_are() -> None:
    some = [question for question in ANSWERABLE if question.part == SAME]
    assert all(shared_words(question.question, BY_ID[question.answers[0]].text) for question in some)
