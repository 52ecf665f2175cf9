"""Blocks that decide which way a flow goes, and bring ways together."""

from flowloom.exchange.exporters.python.block import Block
from flowloom.exchange.exporters.python.literals import value_literal
from flowloom.locales import translate
from flowloom.nodes.logic.branch import OTHERWISE, Row, named_rows, row_ports, value_ports
from flowloom.nodes.logic.conditions import Condition
from flowloom.nodes.logic.mask import LABELS
from flowloom.nodes.logic.merge import SEPARATORS
from flowloom.nodes.logic.personal_data import FINDERS
from flowloom.nodes.port_names import port_id

SIGNS = {"greater_than": ">", "at_least": ">=", "less_than": "<", "at_most": "<="}
WORDS = {
    "contains": "contains",
    "does_not_contain": "contains",
    "starts_with": "starts_with",
    "ends_with": "ends_with",
}
EXACTLY = {"contains": "{part} in {text}", "does_not_contain": "{part} not in {text}"}
EXACTLY |= {"starts_with": "{text}.startswith({part})", "ends_with": "{text}.endswith({part})"}


def write_branch(block: Block) -> None:
    value = block.given(value_ports(block.config)[0].id)
    for port, row in zip(row_ports(block.config), named_rows(block.config), strict=False):
        if test := _test(block, row):
            block.write(f"if {test}:", f"    return {{{value_literal(port.id)}: {value}}}")
    block.write(f"return {{{value_literal(OTHERWISE.id)}: {value}}}")


def _test(block: Block, row: Row) -> str:
    tests = [
        condition_of(block, each, block.given(port_id(each.input))) for each in row.conditions if each.input.strip()
    ]
    return (" and " if row.match == "all" else " or ").join(tests)


def condition_of(block: Block, condition: Condition, value: str) -> str:
    """A condition as an expression."""
    operator, wanted = condition.operator, value_literal(condition.value)
    match operator:
        case "exists" | "is_missing":
            return f"{value} is {'not ' if operator == 'exists' else ''}None"
        case "is_empty" | "is_not_empty":
            empty = f"{block.use('is_empty', 'conditions')}({value})"
            if condition.exact:
                empty = f"({empty} and not ({value} and isinstance({value}, str)))"
            return empty if operator == "is_empty" else f"not {empty}"
        case "is_yes" | "is_no":
            return f"{block.use('says', 'conditions')}({value}, {operator == 'is_yes'})"
        case "is" | "is_not":
            exact = ", exact=True" if condition.exact else ""
            same = f"{block.use('is_same', 'conditions')}({value}, {wanted}{exact})"
            return same if operator == "is" else f"not {same}"
    if operator in SIGNS:
        number = block.use("number", "conditions")
        return f"{number}({value}) {SIGNS[operator]} {number}({wanted})"
    if condition.exact:
        return EXACTLY[operator].format(text=f"{block.use('readable', 'values')}({value})", part=wanted)
    found = f"{block.use(WORDS[operator], 'conditions')}({value}, {wanted})"
    return f"not {found}" if operator == "does_not_contain" else found


def write_merge(block: Block) -> None:
    values, separator = block.given("values", "[]"), value_literal(SEPARATORS[block.config.separator])
    joined = f"{separator}.join(map({block.use('readable', 'values')}, {values}))"
    match block.config.mode:
        case "first":
            text = f"{block.use('readable', 'values')}({values}[0])"
            block.write(f'return {{"value": {values}[0], "text": {text}, "items": {values}}}')
        case "join":
            block.write(f"text = {joined}", f'return {{"value": text, "text": text, "items": {values}}}')
        case "list":
            block.write(f'return {{"value": {values}, "text": {joined}, "items": {values}}}')


def write_mask(block: Block) -> None:
    config, language = block.config, block.plan.language
    kinds = block.data("kinds", [kind for kind in FINDERS if getattr(config, kind)])
    words = block.data("words", [word.strip() for word in config.words.splitlines() if word.strip()])
    labels = block.data("labels", {kind: translate(label, language) for kind, label in LABELS.items()})
    text, find = block.text_given("text"), block.use("find_personal", "flowloom.nodes.logic.personal_data")
    block.write(
        f"found = {find}({text}, {kinds}, {words})",
        "if not found:",
        f'    return {{"passed": {text}, "found": []}}',
        f"text, rows = {block.use('masked', 'masking')}({text}, found, {labels})",
        'return {"masked": text, "found": rows}',
    )


WRITERS = {"branch": write_branch, "merge": write_merge, "mask": write_mask}
