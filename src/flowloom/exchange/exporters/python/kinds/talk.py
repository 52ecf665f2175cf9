"""Where a conversation, or a value, enters a flow and leaves it."""

from flowloom.exchange.exporters.python.block import Block
from flowloom.exchange.exporters.python.literals import value_literal
from flowloom.kinds.port import EMPTY
from flowloom.nodes.flows.input import port_of


def write_message(block: Block) -> None:
    block.takes_state = True
    if block.nested:
        block.write(
            'given = {"message": "", "history": [], "attachments": []} | state["given"]',
            'return {name: given[name] for name in ("message", "history", "attachments")}',
        )
        return
    block.write('return {"message": state["message"], "history": state["history"], "attachments": state["files"]}')
    if block.config.picture or block.config.recording:
        block.differ(
            "The program takes no pictures and no recordings.",
            "You notice it where the GPT looks at a picture or listens.",
        )


def write_answer(block: Block) -> None:
    fixed, text = block.config.text, block.given("text")
    if not fixed.strip():
        block.write(f'return {{"text": {text}}}')
    elif text == "None":
        block.write(f'return {{"text": {block.constant("text", fixed)}}}')
    else:
        block.write(f'return {{"text": {block.constant("text", fixed)} if {text} is None else {text}}}')
    if "files" in block.parameters:
        block.differ("Files below an answer are not shown.", "You notice it where the GPT hands out a file.")


def write_input(block: Block) -> None:
    block.takes_state = True
    if not block.nested:
        sample = value_literal(block.config.sample) if block.config.sample else 'state["message"]'
        block.write(f'return {{"value": {sample}}}')
        return
    port = port_of(block.config)
    name = value_literal(port.id)
    if port.type in EMPTY:
        block.write(f'return {{"value": state["given"].get({name}, {value_literal(EMPTY[port.type])})}}')
    else:
        block.write(f'return {{"value": state["given"][{name}]}} if {name} in state["given"] else {{}}')


def write_output(block: Block) -> None:
    block.write(f'return {{"value": {block.given("value")}}}')


WRITERS = {
    "chat.message": write_message,
    "chat.answer": write_answer,
    "flow.input": write_input,
    "flow.output": write_output,
}
