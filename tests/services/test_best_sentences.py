"""The first passages are compared again by their best sentences, and what hardly fits is told from what answers."""

from pathlib import Path

import pytest

from flowloom.errors import KnowledgeError
from flowloom.kinds.values import Passage
from flowloom.services.knowledge import best_sentences
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.best_sentences import ENOUGH, Candidate, compared, is_enough
from flowloom.services.knowledge.fusion import Fused
from flowloom.services.knowledge.sentence_encoder import SentenceEncoder
from tests.services.test_knowledge_search import BASE, STAFF, Topics, filled

HANDBOOK = {
    "leave.md": "Full-time employees receive 25 days of paid leave a year. Ask your manager two weeks ahead.",
    "laptops.md": "Laptops are replaced every four years. If yours is stolen, tell the service desk at once.",
    "parking.md": "Twelve parking spaces are behind the building. Visitors park in the street.",
}


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBases:
    made = KnowledgeBases(tmp_path_factory.mktemp("bases"), SentenceEncoder())
    for name, text in HANDBOOK.items():
        made.add(BASE, name, text.encode())
    return made


@pytest.mark.parametrize(
    ("question", "file", "sentence"),
    [
        ("How long may I go on vacation?", "leave.md", "Full-time employees receive 25 days of paid leave a year."),
        ("带薪年假有几天？", "leave.md", "Full-time employees receive 25 days of paid leave a year."),
        ("Mon ordinateur a été volé, que faire ?", "laptops.md", "Laptops are replaced every four years."),
        ("来客可以在哪里停车？", "parking.md", "Visitors park in the street."),
    ],
)
def test_a_question_in_other_words_or_another_language_finds_its_sentence(
    bases: KnowledgeBases, question: str, file: str, sentence: str
) -> None:
    first = bases.search(BASE, question, 3)[0]
    assert first.file == file
    assert first.why is not None
    assert (first.why.enough, first.why.sentence) == (True, sentence)


@pytest.mark.parametrize(
    "question", ["What is the capital of Australia?", "红烧肉怎么做？", "Comment fonctionne un trou noir ?"]
)
def test_what_is_about_something_else_hardly_fits(bases: KnowledgeBases, question: str) -> None:
    assert not any(passage.why and passage.why.enough for passage in bases.search(BASE, question, 3))


@pytest.mark.parametrize(("score", "words", "enough"), [(0.1, 0.1, False), (ENOUGH, 0.0, True), (0.1, 0.5, True)])
def test_near_in_meaning_or_half_of_the_words_is_enough(score: float, words: float, enough: bool) -> None:
    fused = Fused(1, score, score, words, None, 1)
    assert is_enough(fused, SentenceEncoder()) == enough
    assert is_enough(fused, Topics())  # of another encoder nothing was measured
    assert is_enough(fused, None)


def test_words_alone_are_not_judged(tmp_path: Path) -> None:
    found = filled(tmp_path, STAFF).search(BASE, "Do cats get wages or coffee or cake or medals?", 3)
    assert [(each.why and each.why.enough) for each in found] == [True, True]


MIXED = (
    "The canteen opens at noon. Parcels are kept at the gate for a week. "
    "If the fire alarm rings, leave by the stairs. The printer needs a card."
)
PLAIN = "Alarm clocks and watches are repaired in the workshop. Batteries are changed while you wait."


def test_a_passage_of_several_matters_is_judged_by_the_one_asked_for() -> None:
    encoder = SentenceEncoder()
    question = encoder.embed_query("What should I do when there is smoke in the corridor?")
    near = encoder.embed_documents([PLAIN, MIXED]) @ question
    assert near[0] < near[1] + 0.2
    found = [
        Candidate(Fused(1, 0.3, 0.3, 0.0, None, 1), Passage(text=PLAIN, file="a.txt")),
        Candidate(Fused(2, 0.2, 0.2, 0.0, None, 2), Passage(text=MIXED, file="b.txt")),
    ]
    first, second = compared(found, question, encoder)
    assert (first.passage.file, first.sentence) == ("b.txt", "If the fire alarm rings, leave by the stairs.")
    assert second.fused.score < 0.3
    assert compared(found, None, encoder) == found
    assert compared(found, question, None) == found


def test_only_the_first_are_compared_and_each_passage_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(best_sentences, "_kept", best_sentences._Kept())
    encoder, encoded = SentenceEncoder(), []
    real = SentenceEncoder.embed_documents
    monkeypatch.setattr(
        SentenceEncoder, "embed_documents", lambda self, texts: encoded.extend(texts) or real(self, texts)
    )
    found = [
        Candidate(Fused(at, 0.5, 0.5, 0.0, None, at), Passage(text=f"Room {name} has a piano.", file="a"))
        for at, name in enumerate("abcdefghijklmnop", 1)
    ]
    question = encoder.embed_query("Where is a piano?")
    encoded.clear()
    ordered = compared(found, question, encoder)
    assert len(encoded) == best_sentences.COMPARED
    assert ordered[best_sentences.COMPARED :] == found[best_sentences.COMPARED :]
    assert compared(found, question, encoder) == ordered
    assert len(encoded) == best_sentences.COMPARED


@pytest.mark.parametrize(
    "text", ["", "12 34 56", "!!! ???", "Každý zaměstnanec má dvacet pět dní placené dovolené."]
)
def test_texts_that_have_no_vector_stay_where_they_are(text: str) -> None:
    encoder = SentenceEncoder()
    found = [Candidate(Fused(1, 0.4, 0.0, 0.6, 1, None), Passage(text=text, file="a"))]
    assert compared(found, encoder.embed_query("How many days of leave?"), encoder) == found


def test_the_first_stage_stands_where_sentences_cannot_be_encoded(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = SentenceEncoder()
    question = encoder.embed_query("Where is the harp?")

    def refuse(self: SentenceEncoder, texts: list[str]) -> None:
        raise KnowledgeError("There is no memory left.")

    monkeypatch.setattr(SentenceEncoder, "embed_documents", refuse)
    found = [Candidate(Fused(1, 0.4, 0.4, 0.0, None, 1), Passage(text="The harp stands in the hall.", file="a"))]
    assert compared(found, question, encoder) == found
