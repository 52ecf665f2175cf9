"""What stands where in a file of ChatFlow."""

from flowloom.exchange.shapes import Shape

SHAPE = Shape.of(
    loose=True,
    marks="category steps ask cachedResponseRegex values hiddenExecute preActions postActions",
    own="values",
    sealed="body",
    groups="api values",
    lists_of_groups="headers postActions postComponents postProcess preActions steps",
    texts="ask cachedResponseRegex description function key method name type url headers.value",
    texts_or_lists="args",
    flags="hiddenExecute",
)
