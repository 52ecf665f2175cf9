"""What stands where in a file of Langflow."""

from flowloom.exchange.shapes import Shape

SHAPE = Shape.of(
    marks="""nodes edges sourceHandle targetHandle inputTypes fieldName template display_name is_component
        last_tested_version""",
    own_groups="node.template",
    sealed="custom_fields metadata value viewport",
    groups="position template .data nodes.data edges.data data.node",
    lists_of_groups="nodes edges",
    texts="description fieldName id source target nodes.type data.type node.display_name .name",
    texts_or_groups="sourceHandle targetHandle",
    needed=".data nodes.data data.node",
    numbers="position.x position.y",
)
