"""Blocks that work with values."""

from flowloom.exchange.exporters.python.block import Block
from flowloom.exchange.exporters.python.kinds.logic import condition_of
from flowloom.exchange.exporters.python.literals import value_literal
from flowloom.nodes.data.sandbox import names_in_template
from flowloom.nodes.logic.conditions import ORDERS, WITHOUT_VALUE
from flowloom.nodes.templates import names_in


def write_text(block: Block) -> None:
    block.write(f'return {{"text": {block.constant("text", block.config.text)}}}')


def write_prompt(block: Block) -> None:
    block.write(f'return {{"prompt": {block.filled("prompt", block.config.template)}}}')


def write_template(block: Block) -> None:
    names = names_in_template(block.config.template)
    values = ", ".join(f"{value_literal(name)}: {block.given(name)}" for name in names if name in block.parameters)
    text = block.constant("template", block.config.template)
    block.write(f'return {{"text": {block.use("render", "templates")}({text}, {{{values}}})}}')


def write_pick(block: Block) -> None:
    module = "flowloom.nodes.data.json_paths"
    data = f"{block.use('structured', 'templates')}({block.given('data')})"
    block.write(
        f"value = {block.use('pick', module)}({data}, {value_literal(block.config.path)})",
        f'return {{"value": value, "text": {block.use("readable", "values")}(value)}}',
    )


def write_remember(block: Block) -> None:
    name, value = value_literal(block.config.name.strip()), block.given("value")
    if "name" in block.parameters:
        name = f"({block.given('name')}.strip() or {name})[:80]"
    if block.config.scope == "conversation":
        block.write(f"{memory_of(block)}[{name}] = {value}")
    else:
        block.write(f"{block.use('keep_fact', 'memory')}({name}, {value})")
        _differs_by_person(block)
    block.write(f'return {{"value": {value}}}')


def write_recall(block: Block) -> None:
    name, otherwise = value_literal(block.config.name.strip()), value_literal(block.config.default)
    held = memory_of(block)
    if block.config.scope == "person":
        held = f"{block.use('known_facts', 'memory')}()"
        _differs_by_person(block)
    block.write(f"value = {held}.get({name})", f'return {{"value": {otherwise} if value is None else value}}')


def write_facts(block: Block) -> None:
    readable = block.use("readable", "values")
    block.write(
        f"known = {block.use('known_facts', 'memory')}()",
        f'text = "\\n".join(f"{{name}}: {{{readable}(value)}}" for name, value in known.items())',
        'return {"text": text, "data": known}',
    )
    _differs_by_person(block)


def memory_of(block: Block) -> str:
    """The dictionary in which a conversation keeps what is remembered, with its values at the start."""
    defaults = {each.name: each.default for each in block.program.flow.variables if each.default is not None}
    return block.program.shared("MEMORY", value_literal(defaults))


def _differs_by_person(block: Block) -> None:
    block.differ(
        "What is known about the person is in the file about-you.json, for this program alone.",
        "What Flowloom knows of you does not come along.",
    )


def write_rows(block: Block) -> None:
    config = block.config
    module = "flowloom.nodes.data.tables"
    sheet = block.call("sheet_of", module, block.text_given("table"), value_literal(config.sheet))
    named = block.call("named", module, block.call("cells_of", module, sheet), str(config.header))
    wanted = [name.strip() for name in config.columns.splitlines() if name.strip()]
    block.write(
        f"columns, rows = {named}",
        f"rows = {block.use('with_decimal_commas', 'flowloom.nodes.data.number_columns')}(columns, rows)",
    )
    if config.conditions:
        block.write(f"rows = [row for row in rows if {_row_test(block)}]")
    if wanted:
        column = block.use("column_of", "flowloom.nodes.data.table_rows")
        block.write(f"columns = [{column}(name, columns) for name in {block.data('columns', wanted)}]")
    block.write(
        f"picked = [{{name: row[name] for name in columns}} for row in rows[:{config.most}]]",
        f"text = {block.call('markdown_table', module, 'columns', 'picked')}",
        'return {"rows": picked, "text": text, "count": len(rows)}',
    )


def _row_test(block: Block) -> str:
    """The conditions of rows as one expression."""
    tests = []
    column, empty = block.use("column_of", "flowloom.nodes.data.table_rows"), block.use("is_empty", "conditions")
    for condition in block.config.conditions:
        value = f"row[{column}({value_literal(condition.input)}, columns)]"
        if condition.operator in WITHOUT_VALUE or condition.value.strip():
            test = condition_of(block, condition, value)
            # An empty cell is neither more nor less than a number.
            tests.append(f"(not {empty}({value}) and {test})" if condition.operator in ORDERS else f"({test})")
        else:
            tests.append(f"({empty}({value}) == {condition.operator == 'is'})")
    return (" and " if block.config.match == "all" else " or ").join(tests)


def write_save(block: Block) -> None:
    extra = {"content": block.given("content")}
    name = (
        block.filled("name", block.config.name, extra)
        if names_in(block.config.name)
        else value_literal(block.config.name)
    )
    written = (
        f"{block.use('written', 'flowloom.nodes.data.save_file')}({block.given('content')}, name.strip().lower())"
    )
    replace = block.config.exists == "replace"
    block.write(f"name = {name}", f"return {block.use('save_file', 'files')}(name, {written}, {replace})")
    block.differ("Files are saved in the folder “saved” beside the program.", "Look for them there.")


WRITERS = {
    "text": write_text,
    "prompt": write_prompt,
    "template": write_template,
    "json.pick": write_pick,
    "memory.remember": write_remember,
    "memory.recall": write_recall,
    "memory.facts": write_facts,
    "table.rows": write_rows,
    "file.save": write_save,
}
