"""What stands where in a file of Coze."""

from flowloom.exchange.shapes import Shape

SHAPE = Shape.of(
    marks="nodes edges nodeMeta sourceNodeID targetNodeID blockID",
    sealed="rawMeta schema versions bodyData",
    groups="""apiInfo auth body condition concurrentSize data input inputs left meta nodeMeta position right
        systemPrompt input.value""",
    lists="variableParameters",
    lists_of_groups="""blocks branches concatParams conditions edges headers inputParameters intents
        mergeGroups nodes options outputs params splitParams variables""",
    lists_of_groups_or_groups="llmParam",
    texts="""answer_type authType blockID bodyType code loopType method modelName name question sourceNodeID
        sourcePortID targetNodeID terminatePlan title type url nodes.id nodes.type""",
    needed="nodes.data data.inputs nodes.type nodes.id nodes.type",
    numbers="language logic operator position.x position.y",
    flags="authOpen",
)
