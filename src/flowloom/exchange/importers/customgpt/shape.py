"""What stands where in a file of ChatGPT."""

from flowloom.exchange.shapes import Shape

SHAPE = Shape.of(
    marks="""instructions conversation_starters prompt_starters capabilities actions knowledge gizmo display
        knowledge_files starters system_prompt resource recommended_model tools""",
    sealed="schema raw_spec files.metadata openapi info servers paths components",
    groups="display gizmo resource",
    lists="tools",
    lists_of_texts="prompt_starters",
    lists_or_groups="capabilities",
    texts="description file_name .id instructions model name recommended_model system_prompt .title tools.type",
    texts_or_lists_of_texts="conversation_starters promptStarters starters",
    texts_or_lists="files knowledge knowledge_files",
    texts_or_lists_or_groups="actions",
    flags="enabled",
)
