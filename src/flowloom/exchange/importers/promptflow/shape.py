"""What stands where in a file of PromptFlow."""

from flowloom.exchange.shapes import Shape

SHAPE = Shape.of(
    loose=True,
    marks="nodes inputs outputs node_variants environment additional_includes",
    own="inputs",
    own_groups=".inputs .outputs node_variants variants",
    groups="activate inputs node node_variants outputs source variants",
    lists_of_groups="nodes",
    texts="api connection default_variant_id display_name path provider reference tool type when",
    words="nodes.name nodes.type",
    needed="nodes.name nodes.type",
    flags="aggregation is_chat_input is_chat_output use_variants",
)
