"""What stands where in a file of Langflow."""

from flowloom.exchange.shapes import Shape

SHAPE = Shape.of(
    marks="data nodes edges template display_name sourceHandle targetHandle last_tested_version is_component",
    own_groups="node.template",
    sealed="custom_fields metadata value viewport",
    groups="position template .data nodes.data edges.data data.node",
    lists_of_groups="nodes edges",
    texts="description fieldName id source target nodes.type data.type node.display_name .name",
    texts_or_groups="sourceHandle targetHandle",
    needed=".data nodes.data data.node",
    numbers="position.x position.y",
)
