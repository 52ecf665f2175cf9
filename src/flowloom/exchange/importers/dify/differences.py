"""How a flow of Dify runs differently here, and when one would notice."""

from flowloom.errors import Problem


def _told(problem: Problem) -> Problem:
    return problem.as_warning()


PROMPT_OF_ITS_OWN = _told(
    Problem.of(
        "dify.prompt",
        "The model is asked in Flowloom’s own words for this task, not in Dify’s.",
        "A weak model may decide differently now and then. Try a few messages that you know the result of.",
    )
)
PARAMETERS = _told(
    Problem.of(
        "dify.parameters",
        "Of the model’s parameters only the temperature came over.",
        "Answers may get longer or more varied where a limit or another parameter was set.",
    )
)
VISION = _told(
    Problem.of(
        "dify.vision",
        "The model isn’t shown pictures here.",
        "You notice it when somebody sends one: add a Look at picture block.",
    )
)
BARE = _told(
    Problem.of(
        "dify.bare",
        "Dify replaces words that look like one of its variables even without braces. They are replaced here too.",
        "If these words were meant as they stand, write them differently.",
    )
)
UNKNOWN = _told(
    Problem.of(
        "dify.unknown",
        "It refers to a value that no step provides; its name stands there instead.",
        "You see the name in the text. Connect the right block, or remove the name.",
    )
)
LEFT_OUT = _told(
    Problem.of(
        "dify.left_out",
        "It needs a value from a step that doesn’t always run. Without it Dify stops with an error; here "
        "the step is "
        "left out.",
        "You notice it when the flow takes another path: there is no answer instead of an error.",
    )
)
WHOLE_NUMBERS = _told(
    Problem.of(
        "dify.numbers",
        "A whole number with a point, such as 5.0, is written as 5 in a text.",
        "You only notice it where the code gives such a number.",
    )
)
UNTYPED = _told(
    Problem.of(
        "dify.untyped",
        "The file doesn’t tell the type of a value here, so lists and structured data may look different in "
        "a text.",
        "You notice it if the value isn’t a text or a number.",
    )
)
TYPE_STOPS = _told(
    Problem.of(
        "dify.type_stops",
        "Dify stops with an error where this comparison meets a value of another type; here it is compared.",
        "The flow goes on where it failed before.",
    )
)
STRUCTURED_TEXT = _told(
    Problem.of(
        "dify.structured_text",
        "The text of a structured answer is written as lines here, not as JSON.",
        "You notice it where the whole answer is used as a text.",
    )
)
NESTED_FIELDS = _told(
    Problem.of(
        "dify.nested_fields",
        "Fields within fields of the structured answer aren’t told to the model one by one.",
        "Describe in the field what you expect in it, if something is missing from answers.",
    )
)
FILES = _told(
    Problem.of(
        "dify.files",
        "Files come from the chat message here, not from a form.",
        "Attach the file to the message that starts the flow.",
    )
)
OPTIONS = _told(
    Problem.of(
        "dify.options",
        "A choice among options became a text field; the options stand in its name.",
        "A person can type something else.",
    )
)
HTTP_HOST = _told(
    Problem.of(
        "dify.host",
        "The server’s name came from a value, which isn’t possible here.",
        "Write the server’s name into the address of the block.",
    )
)
HTTP_BODY = _told(
    Problem.of(
        "dify.body",
        "The request sends files or a mixed form, which isn’t possible here; its fields are sent as a simple form.",
        "You notice it if the service expects files.",
    )
)
HTTP_HEADERS = _told(
    Problem.of(
        "dify.response_headers",
        "The headers of an answer aren’t passed on here.",
        "You notice it where a later step reads them.",
    )
)
APPENDS = _told(
    Problem.of(
        "dify.appends",
        "In Dify, items that run at the same time each change a copy of a remembered value, and one change "
        "survives; "
        "here all are kept.",
        "The remembered value may hold more than before.",
    )
)
INNER_ANSWER = _told(
    Problem.of(
        "dify.inner_answer",
        "An answer within an iteration isn’t shown while it runs.",
        "You see the results when all items are done.",
    )
)
LIBRARIES = _told(
    Problem.of(
        "dify.libraries",
        "The code uses a library that isn’t available here, or reads files or the network.",
        "The block stops with an error. Replace that part with other blocks, such as HTTP request.",
    )
)
TEMPLATE_VALUES = _told(
    Problem.of(
        "dify.template_values",
        "Yes and no, lists and structured data that a template inserts as a whole look different here.",
        "You notice it where the template doesn’t go through them itself.",
    )
)
TEMPLATE_LANGUAGE = _told(
    Problem.of(
        "dify.template_language",
        "The template uses something that isn’t available here.",
        "The block says what it is. Rewrite that part of the template.",
    )
)
RETRIEVAL = _told(
    Problem.of(
        "dify.retrieval",
        "Documents are searched and ranked in Flowloom’s own way.",
        "Other passages may be found. Ask a few questions that you know the source of.",
    )
)
WEB = _told(
    Problem.of(
        "dify.web",
        "The web is searched with the service chosen in the block, not with the one used in Dify.",
        "Other pages may be found.",
    )
)
PAGE = _told(
    Problem.of(
        "dify.page",
        "Pages are read in Flowloom’s own way: the main text without menus.",
        "The text of a page may be shorter.",
    )
)
AGENT = _told(
    Problem.of(
        "dify.agent",
        "The agent uses its tools in Flowloom’s own way, with its own instructions to the model.",
        "It may take other steps to the answer. Try a few messages that you know the result of.",
    )
)
CLOCK = _told(
    Problem.of(
        "dify.clock",
        "The date and time are written in Flowloom’s own way.",
        "You notice it where a later step expects a certain form.",
    )
)
EMPTY_FIELDS = _told(
    Problem.of(
        "dify.empty_fields",
        "If the model finds nothing for a required field, the step stops here; Dify fills in an empty value.",
        "You notice it with messages that lack the information. Make the field optional if that is fine.",
    )
)
SYSTEM_VALUE = _told(
    Problem.of(
        "dify.system_value",
        "A value about the app or the person that only Dify knows isn’t available here; a fixed text stands "
        "for it.",
        "You notice it where a service is told who is asking.",
    )
)
LOOP_MEMORY = _told(
    Problem.of(
        "dify.loop_memory",
        "The values of the loop are remembered in the conversation while it goes round.",
        "You only notice it in the memory of a conversation.",
    )
)
TRANSLATION = _told(
    Problem.of(
        "dify.translation",
        "A model translates here, not a translation service.",
        "The wording may differ, and each text costs a request to the model.",
    )
)
