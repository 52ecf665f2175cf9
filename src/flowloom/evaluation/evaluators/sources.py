"""Measures an answer by the passages that its run was given."""

import re
from collections.abc import Sequence

from pydantic import Field

from flowloom.errors import Problem
from flowloom.evaluation.evaluators.evaluator import Case, Config, Evaluator, Tools, passed, untold
from flowloom.kinds.values import Passage
from flowloom.run.reading.evidence import Wanted, cited_in
from flowloom.run.reading.sentences import Sentence, sentences_of
from flowloom.store.experiments import Score

LONGEST = 50_000
"""Characters of an answer that are looked at."""
NO_PASSAGES = Problem.of("evaluate.passages", "This answer had no passages to stand on.")


LISTED = re.compile(r"(?:[-*+] )?\[(\d{1,3})\]")


def _sentences(case: Case) -> list[Sentence]:
    return sentences_of(without_sources(case.answer[:LONGEST], case.passages))


def without_sources(text: str, passages: Sequence[Passage]) -> str:
    """An answer without the list of its sources, which claims nothing, and the words over it."""
    kept = list[str]()
    for line in text.split("\n"):
        if not _is_source(line.strip(), passages):
            kept.append(line)
            continue
        while kept and not kept[-1].strip():
            kept.pop()
        if kept and kept[-1].rstrip().endswith((":", "：")):
            kept.pop()
    return "\n".join(kept)


def _is_source(line: str, passages: Sequence[Passage]) -> bool:
    found = LISTED.match(line)
    if not found or not 0 < int(found[1]) <= len(passages):
        return False
    file = passages[int(found[1]) - 1].file
    return bool(file) and line[found.end() :].lstrip(" :.").casefold().startswith(file.casefold())


def says(sentence: Sentence, text: str, beside: str = "") -> bool:
    """Whether a passage bears a sentence out: its words and all its figures, of which others may have some."""
    wanted = Wanted(sentence.said, sentence.text)
    if wanted.stands_in(text):
        return True
    has_figures = not wanted.figures or (
        bool(wanted.shared_figures(text)) and wanted.has_every_figure(f"{text}\n{beside}")
    )
    return has_figures and wanted.share(wanted.shared(text)) > 0


class CitesConfig(Config):
    file_column: str = Field("", title="Column with the right file", max_length=120)


def _cites(config: CitesConfig, case: Case, tools: Tools) -> Score:
    """The share of the citations whose passage says what the sentence says."""
    cited = [(sentence, number) for sentence in _sentences(case) for number in cited_in(sentence.text)]
    if not cited:
        return passed(False, Problem.of("evaluate.cites.none", "The answer cites nothing."))
    file = case.wanted(config.file_column)
    wrong = [number for sentence, number in cited if not _right(case, sentence, number, file)]
    because = Problem.of("evaluate.cites.wrong", "These citations don’t say it: {numbers}", numbers=_listed(wrong))
    return Score(value=1 - len(wrong) / len(cited), because=because if wrong else None)


def _right(case: Case, sentence: Sentence, number: int, file: str) -> bool:
    if not 0 < number <= len(case.passages):
        return False
    passage = case.passages[number - 1]
    others = (case.passages[other - 1].text for other in cited_in(sentence.text) if 0 < other <= len(case.passages))
    is_file = not file or file.casefold() in passage.file.casefold()
    return is_file and says(sentence, passage.text, "\n".join(others))


def _listed(numbers: list[int]) -> str:
    return ", ".join(f"[{number}]" for number in dict.fromkeys(numbers))


def _grounded(config: Config, case: Case, tools: Tools) -> Score:
    """The share of the sentences that a passage bears out."""
    if not case.passages:
        return untold(NO_PASSAGES)
    sentences = [each for each in _sentences(case) if Wanted(each.said).terms]
    if not sentences:
        return untold(Problem.of("evaluate.sentences", "The answer has no sentence to look at."))
    every = "\n".join(passage.text for passage in case.passages)
    bare = [each for each in sentences if not any(says(each, passage.text, every) for passage in case.passages)]
    because = Problem.of("evaluate.bare", "No passage says: {text}", text=bare[0].said[:200]) if bare else None
    return Score(value=1 - len(bare) / len(sentences), because=because)


CITES = Evaluator(
    "cites",
    "The share of citations whose passage has the words and figures of the sentence that cites it.",
    "It compares words. A passage that says the opposite in the same words counts as right.",
    _cites,
    CitesConfig,
)
GROUNDED = Evaluator(
    "grounded",
    "The share of sentences whose words and figures are in a passage that was found.",
    "Good paraphrases can count as made up, and a well-copied passage can be the wrong one.",
    _grounded,
)
ALL = (CITES, GROUNDED)
