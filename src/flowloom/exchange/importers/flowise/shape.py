"""What stands where in a file of Flowise."""

from flowloom.exchange.shapes import Shape

SHAPE = Shape.of(
    loose=True,
    marks="""nodes edges sourceHandle targetHandle sourceColor isHumanInput inputs inputAnchors inputParams
        outputAnchors""",
    own="outputs",
    sealed="inputParams inputAnchors outputAnchors style",
    groups="""agentModelConfig agentSelectedToolConfig conditionAgentModelConfig humanInputModelConfig
        inputs llmModelConfig position nodes.data toolAgentflowSelectedToolConfig""",
    lists_of_groups="""conditionAgentScenarios conditions customFunctionInputVariables edges nodes
        queryParams toolInputArgs""",
    texts="""agentModel agentSelectedTool bodyType conditionAgentInput conditionAgentInstructions
        conditionAgentModel content customFunctionJavascriptFunction customModelName description
        directReplyMessage enumValues formDescription formTitle humanInputDescription humanInputDescriptionType
        humanMessagePrompt id inputArgName inputArgValue iterationInput key label llmModel loopBackToNode method
        modelName name note operation parentNode prompt retrieverQuery role scenario source sourceHandle
        startInputType systemMessage systemMessagePrompt target targetHandle template toolAgentflowSelectedTool
        type url value1 value2 variableName variableValue""",
    texts_or_lists_of_groups="""agentMessages agentTools agentUpdateState formInputTypes llmMessages
        llmStructuredOutput llmUpdateState startState""",
    words="data.name",
    needed="nodes.data",
    numbers="maxIterations maxLoopCount temperature topK x y",
    flags="humanInputEnableFeedback startPersistState",
)
