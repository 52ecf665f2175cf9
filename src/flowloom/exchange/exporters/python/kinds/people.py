"""Blocks that ask a person."""

from flowloom.exchange.exporters.python.block import Block
from flowloom.exchange.exporters.python.kinds.data import memory_of
from flowloom.exchange.exporters.python.literals import value_literal
from flowloom.kinds.port import EMPTY
from flowloom.locales import translate
from flowloom.nodes.people import choose, form


def _about_time(block: Block) -> None:
    if block.config.hours is not None:
        block.differ(
            "The program waits for an answer as long as it takes.",
            "You notice it where nobody answers in time.",
        )


def _shown(block: Block) -> str:
    value = block.given("value")
    return '""' if value == "None" else f"{block.use('readable', 'values')}({value})"


def write_choose(block: Block) -> None:
    _about_time(block)
    choices = block.data("choices", {port.id: port.label for port in choose.ports(block.config)})
    question, value = value_literal(block.config.question), block.given("value")
    otherwise = f"{choices}[choice]"
    passed = otherwise if value == "None" else f"{otherwise} if {value} is None else {value}"
    block.write(
        f"choice, comment = {block.use('choose', 'people')}({question}, {_shown(block)}, {choices})",
        f'return {{choice: {passed}}} | ({{"comment": comment}} if comment else {{}})',
    )


def write_approve(block: Block) -> None:
    _about_time(block)
    language = block.plan.language
    choices = block.data(
        "choices", {"approved": translate("Approve", language), "declined": translate("Decline", language)}
    )
    question = value_literal(block.config.question)
    block.write(
        f"choice, comment = {block.use('choose', 'people')}({question}, {_shown(block)}, {choices})",
        f'return {{choice: {block.given("value")}}} | ({{"comment": comment}} if comment else {{}})',
    )


def write_form(block: Block) -> None:
    config = block.config
    _about_time(block)
    ports = form.ports(config)
    table = [
        {"name": detail.name.strip(), "type": detail.type, "required": detail.required}
        for detail in form.details(config)
    ]
    fields, known = block.data("fields", table), block.given("known")
    outputs = block.data("outputs", {port.label: port.id for port in ports})
    if known != "None":
        block.write(
            f"fields = {block.call('with_known', 'people', fields, known)}",
        )
        fields = "fields"
    asked = block.call("fill_in", "people", value_literal(config.question), _shown(block), fields)
    if config.once:
        # What was filled in is kept under the same name as here, where other blocks may recall it.
        memory, key = memory_of(block), value_literal(f"{form.KEPT}{block.step.id}")
        block.write(f"kept = {memory}.get({key})", f"values = kept if isinstance(kept, dict) else {asked}")
        block.write(f"{memory}[{key}] = values")
    else:
        block.write(f"values = {asked}")
    if config.pass_empty:
        empty = block.data("empty", {port.id: EMPTY.get(port.type) for port in ports})
        block.write(
            f"return {empty} | {block.call('filled_in', 'people', outputs, 'values')}",
        )
    else:
        block.write(f"return {block.call('filled_in', 'people', outputs, 'values')}")


WRITERS = {"people.choose": write_choose, "people.approve": write_approve, "people.form": write_form}
