"""What stands where in a file of Rill-Flow."""

from flowloom.exchange.shapes import Shape

SHAPE = Shape.of(
    loose=True,
    marks="dagName tasks workspace alias inputMappings outputMappings",
    groups="iterationMapping",
    lists_of_groups="choices inputMappings outputMappings switches tasks",
    lists_of_texts="conditions",
    texts="""collection condition dagName description item name next pattern requestType resourceName
        title transform type""",
    texts_or_lists="inputSchema",
    words="category source target tasks.name",
    needed="tasks.name",
    flags="break",
)
