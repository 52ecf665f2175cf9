"""How a flow of Coze runs differently here, and when one would notice."""

from flowloom.errors import Problem

SKILLS = Problem.of(
    "coze.skills",
    "The model’s skills – plugins, workflows and documents – didn’t come over.",
    "Use an Agent block instead, and join to it what it should be able to do.",
).as_warning()
CODE = Problem.of(
    "coze.code",
    "The code waits for something or uses more of its surroundings than its values.",
    "The block stops with an error. Rewrite that part, or use other blocks for it.",
).as_warning()
RETRIEVAL = Problem.of(
    "coze.retrieval",
    "Documents are searched and ranked in Flowloom’s own way.",
    "Other passages may be found. Ask a few questions that you know the source of.",
).as_warning()
OTHER_ANSWER = Problem.of(
    "coze.other_answer",
    "A person can only choose one of the options here, not write another answer.",
    "Add an option for everything else if the flow needs it.",
).as_warning()
PROMPT_OF_ITS_OWN = Problem.of(
    "coze.prompt",
    "The model is asked in Flowloom’s own words for this task, not in Coze’s.",
    "A weak model may decide differently now and then. Try a few messages that you know the result of.",
).as_warning()
