"""Problems in a person's language: our words are translated, theirs are not."""

from flowloom.errors import Problem
from flowloom.kinds.registry import all_kinds
from flowloom.locales import Verbatim, translate


def test_our_labels_are_translated_and_a_persons_words_are_not() -> None:
    all_kinds()  # brings the translations of the blocks
    said = "“{port}” of {node} is not connected."
    ours = Problem.of("x", said, port="Text", node="Model").describe("fr").message
    theirs = Problem.of("x", said, port=Verbatim("Text"), node=Verbatim("Model")).describe("fr").message
    assert ours == translate(said, "fr", port="Texte", node="Modèle")
    assert theirs == translate(said, "fr", port="Text", node="Model")


def test_a_problem_keeps_that_through_its_log() -> None:
    problem = Problem.of("x", "{node}", node=Verbatim("Model"))
    assert Problem.model_validate_json(problem.model_dump_json()).describe("fr").message == "Model"
