"""Code that a person wrote: it stays behind walls."""

import re

from flowloom.exchange.exporters.python.block import Block
from flowloom.exchange.exporters.python.literals import value_literal
from flowloom.nodes.data.code_values import filled
from flowloom.services.code.table_functions import TableFunctions

WANTS_PANDAS = re.compile(r"^[ \t]*(?:import|from)[ \t]+(?:pandas|numpy)\b", re.MULTILINE)
FUNCTIONS = re.compile(rf"\b(?:{'|'.join(TableFunctions({}).all())})\s*\(")


def write_code(block: Block) -> None:
    config = block.config
    if config.engine == "pandas" or (config.engine == "auto" and WANTS_PANDAS.search(config.code)):
        block.missing("The program doesn’t run code with pandas.", "Write this function yourself.")
        return
    names = {port: port for port in block.step.inputs}
    code, variables = filled(config.code, names, is_python=config.is_python)
    values = ", ".join(f"{value_literal(name)}: {block.given(port)}" for name, port in variables.items())
    told: tuple[str, ...] = (block.constant("code", code), f"{{{values}}}", str(config.seconds))
    if not config.is_python:
        block.write(f"return {block.call('run_javascript', 'javascript', *told)}")
        return
    if "tables" in block.parameters or FUNCTIONS.search(code):
        block.takes_state = not block.as_tool
        files = "[]" if block.as_tool else 'state["files"]'
        block.write(
            f"functions = {block.call('table_functions', 'code_tables', block.given('tables', '[]'), files)}"
        )
        told = (*told, "functions")
    block.write(f"return {block.call('run_python', 'code', *told)}")
    if re.search(r"\bchart\s*\(", code):
        block.differ("Charts are not drawn.", "You notice it where the GPT shows a chart.")


WRITERS = {"code.run": write_code}
