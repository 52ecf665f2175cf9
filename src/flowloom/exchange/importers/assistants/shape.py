"""What stands where in a file of OpenAI’s API."""

from flowloom.exchange.shapes import Shape

SHAPE = Shape.of(
    marks="object tools tool_resources response_format messages model prompt instructions version variables",
    own="variables",
    sealed="metadata parameters schema",
    groups="code_interpreter function json_schema parameters schema tool_resources variables reasoning",
    lists_of_groups="data messages tools",
    lists_of_texts="file_ids",
    texts="description id instructions model name object role type",
    texts_or_lists_of_groups="content",
    texts_or_groups="format response_format text",
    numbers="max_num_results max_output_tokens temperature top_p",
)
