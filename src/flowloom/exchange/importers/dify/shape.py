"""What stands where in a file of Dify."""

from flowloom.exchange.shapes import Shape

SHAPE = Shape.of(
    loose=True,
    marks="app workflow model_config dependencies graph features",
    own="tool_parameters tool_configurations completion_params",
    own_groups="data.outputs",
    sealed="""agent_parameters schema structured_output paramSchemas schemas output_schema user_input_form
        data.value""",
    groups="""advanced_settings agent_mode app authorization completion_params context dataset_configs
        extract_by features filter_by graph image limit memory model_config order_by position positionAbsolute
        prompt_config sensitive_word_avoidance sub_variable_condition timeout tool_configurations
        tool_parameters vision window workflow data.body nodes.data""",
    lists_of_rows="variables",
    lists_of_groups="""break_conditions cases classes conditions conversation_variables default_value edges
        environment_variables groups jinja2_variables loop_variables nodes prompt_template data.parameters""",
    lists_of_texts="""iterator_selector output_selector query_variable_selector suggested_questions
        value_selector variable_selector""",
    texts="""answer assistant case_id code code_language comparison_operator desc edition_type
        error_handle_mode error_strategy group_name headers id input_type instruction iteration_id jinja2_text
        key logical_operator loop_id method mode opening_statement operation parentId pre_prompt provider
        provider_id provider_name query_prompt_template role serial source sourceHandle target template
        tool_label tool_name type url value_type var_type write_mode app.name app.description data.title""",
    words="jinja2_variables.variable app.mode nodes.type data.type",
    needed="app nodes.data",
    numbers="loop_count parallel_nums size temperature x y",
    flags="enabled group_enabled is_array_file is_parallel structured_output_enabled",
    lists_or_groups="data.outputs",
)
