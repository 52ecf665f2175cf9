"""What stands where in a file of Rivet."""

from flowloom.exchange.shapes import Shape

SHAPE = Shape.of(
    loose=True,
    marks="data graphs metadata plugins references attachedData outgoingConnections",
    own_groups="graphs nodes",
    sealed="attachedData plugins references",
    groups=".data graphs metadata nodes data",
    lists_of_texts="cases inputNames outgoingConnections outputNames",
    texts="""code comparisonFunction description graphId id joinString mainGraphId model name path
        promptText regex text title type visualData""",
    needed=".data",
    numbers="splitRunMax temperature",
    flags="disabled exclusive flatten isSplitRun useRegexInput useTopP",
)
