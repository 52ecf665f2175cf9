"""What stands where in a file of n8n."""

from flowloom.exchange.shapes import Shape

SHAPE = Shape.of(
    loose=True,
    marks="nodes connections typeVersion parameters credentials pinData versionId webhookId executionOrder",
    own="credentials",
    own_groups="connections",
    sealed="pinData staticData meta settings tags",
    groups="connections credentials fieldsToAggregate operator options rules nodes.parameters",
    texts_or_groups="model",
    lists_of_lists="ai_languageModel ai_memory ai_outputParser ai_tool main",
    lists_of_groups="fieldsToAggregate.fieldToAggregate messageValues nodes rules.values",
    lists_of_numbers="position",
    lists_of_groups_or_groups="assignments conditions",
    texts="""aggregate combinator fallbackOutput fieldToSplitOut jsCode jsonOutput language message mode
        node operation outputFieldName outputKey promptType pythonCode systemMessage nodes.id messageValues.type""",
    words="nodes.name nodes.type",
    needed="nodes.name nodes.type",
    numbers="index contextWindowLength temperature typeVersion",
    flags="caseSensitive disabled includeOtherFields renameField",
)
