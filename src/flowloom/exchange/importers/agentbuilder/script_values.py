"""The expressions of a TypeScript program as Python's."""

import ast
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

_STRING_ESCAPE = re.compile(r"\\(u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|\r?\n|.)", re.DOTALL)
_PLAIN_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_COMPARISONS: dict[str, type[ast.cmpop]] = {
    "==": ast.Eq,
    "===": ast.Eq,
    "!=": ast.NotEq,
    "!==": ast.NotEq,
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
    "in": ast.In,
}
OPERATIONS: dict[str, type[ast.operator]] = {
    "+": ast.Add,
    "-": ast.Sub,
    "*": ast.Mult,
    "/": ast.Div,
    "%": ast.Mod,
    "**": ast.Pow,
}
_CONSTANTS = {"true": True, "false": False, "null": None, "undefined": None}
_METHODS = {
    "toLowerCase": "lower",
    "toUpperCase": "upper",
    "trim": "strip",
    "startsWith": "startswith",
    "endsWith": "endswith",
    "replaceAll": "replace",
}
_INNER = frozenset(
    "as_expression satisfies_expression non_null_expression parenthesized_expression await_expression".split()
)


def text_of(node: "Node") -> str:
    return (node.text or b"").decode()


def field(node: "Node", name: str) -> "Node":
    found = node.child_by_field_name(name)
    if found is None:
        raise SyntaxError(name)
    return found


def named(node: "Node") -> list["Node"]:
    return [child for child in node.named_children if child.type != "comment"]


def parameters(node: "Node") -> list[str]:
    single = node.child_by_field_name("parameter")
    if single is not None:
        return [text_of(single)]
    listed = node.child_by_field_name("parameters")
    found = [each.child_by_field_name("pattern") or each for each in named(listed)] if listed else []
    return [text_of(each) if each.type == "identifier" else "_pattern" for each in found]


def unwrapped(node: "Node") -> "Node":
    while node.type in _INNER and named(node):
        node = named(node)[0]
    return node


def expression(node: "Node") -> ast.expr:
    """The Python of an expression; what has none is a name that nothing knows."""
    node = unwrapped(node)
    how = _EXPRESSIONS.get(node.type)
    return how(node) if how else ast.Name("_unread", ast.Load())


def _number(node: "Node") -> ast.expr:
    text = text_of(node).replace("_", "")
    return ast.Constant(int(text) if text.isdigit() and len(text) < 300 else float(text))


def unescaped(text: str) -> str:
    def plain(found: re.Match[str]) -> str:
        code = found[2] or found[3] or found[4]
        if code:
            return chr(min(int(code, 16), 0x10FFFF))
        return _PLAIN_ESCAPES.get(found[1], "" if found[1].strip("\r") == "\n" else found[1])

    joined = _STRING_ESCAPE.sub(plain, text)
    # Halves of a character that stand side by side are one.
    return joined.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _template(node: "Node") -> ast.expr:
    """A text in backticks; what stands between two values is taken from the source, blanks and all."""
    source, done = node.text or b"", 1
    parts: list[ast.expr] = []
    for child in node.named_children:
        if child.type == "template_substitution":
            start, end = child.start_byte - node.start_byte, child.end_byte - node.start_byte
            parts += [ast.Constant(unescaped(source[done:start].decode()))]
            parts += [ast.FormattedValue(value=expression(named(child)[0]), conversion=-1)]
            done = end
    rest = ast.Constant(unescaped(source[done:-1].decode()))
    return ast.JoinedStr(values=[*parts, rest]) if parts else rest


def _object(node: "Node") -> ast.expr:
    keys: list[ast.expr | None] = []
    values: list[ast.expr] = []
    for pair in named(node):
        if pair.type == "pair":
            key = field(pair, "key")
            written = text_of(key) if key.type == "property_identifier" else unescaped(text_of(key).strip("'\""))
            keys.append(ast.Constant(written))
            values.append(_value_of(pair))
        elif pair.type == "spread_element":
            keys.append(None)
            values.append(expression(named(pair)[0]))
        elif pair.type == "shorthand_property_identifier":
            keys.append(ast.Constant(text_of(pair)))
            values.append(ast.Name(text_of(pair), ast.Load()))
        elif pair.type == "method_definition":
            keys.append(ast.Constant(text_of(field(pair, "name"))))
            values.append(ast.Name("_unread", ast.Load()))
    return ast.Dict(keys=keys, values=values)


def _value_of(pair: "Node") -> ast.expr:
    return expression(field(pair, "value"))


def _array(node: "Node") -> ast.expr:
    return ast.List(elts=[_element(each) for each in named(node)], ctx=ast.Load())


def _element(node: "Node") -> ast.expr:
    if node.type == "spread_element":
        return ast.Starred(value=expression(named(node)[0]), ctx=ast.Load())
    return expression(node)


def _member(node: "Node") -> ast.expr:
    whole, part = expression(field(node, "object")), text_of(field(node, "property"))
    if part == "length":
        return ast.Call(func=ast.Name("len", ast.Load()), args=[whole], keywords=[])
    return ast.Attribute(value=whole, attr=part, ctx=ast.Load())


def _subscript(node: "Node") -> ast.expr:
    return ast.Subscript(
        value=expression(field(node, "object")), slice=expression(field(node, "index")), ctx=ast.Load()
    )


def _call(node: "Node") -> ast.expr:
    function = field(node, "function" if node.type == "call_expression" else "constructor")
    given = node.child_by_field_name("arguments")
    arguments = [_element(each) for each in named(given)] if given is not None else []
    called = expression(function)
    if isinstance(called, ast.Attribute) and called.attr == "includes" and len(arguments) == 1:
        return ast.Compare(left=arguments[0], ops=[ast.In()], comparators=[called.value])
    if isinstance(called, ast.Attribute):
        called.attr = _METHODS.get(called.attr, called.attr)
    if isinstance(called, ast.Name):
        called.id = {"String": "str", "Number": "float", "Boolean": "bool"}.get(called.id, called.id)
    return ast.Call(func=called, args=arguments, keywords=[])


def _binary(node: "Node") -> ast.expr:
    operator = text_of(field(node, "operator"))
    left, right = expression(field(node, "left")), expression(field(node, "right"))
    if operator in ("&&", "||", "??"):
        return ast.BoolOp(op=ast.And() if operator == "&&" else ast.Or(), values=[left, right])
    if operator in _COMPARISONS:
        return ast.Compare(left=left, ops=[_COMPARISONS[operator]()], comparators=[right])
    if operator in OPERATIONS:
        return ast.BinOp(left=left, op=OPERATIONS[operator](), right=right)
    return ast.Name("_unread", ast.Load())


def _unary(node: "Node") -> ast.expr:
    operator, value = text_of(field(node, "operator")), expression(field(node, "argument"))
    if operator in ("!", "-"):
        return ast.UnaryOp(op=ast.Not() if operator == "!" else ast.USub(), operand=value)
    return ast.Name("_unread", ast.Load())


def _ternary(node: "Node") -> ast.expr:
    test, then, other = (field(node, part) for part in ("condition", "consequence", "alternative"))
    return ast.IfExp(test=expression(test), body=expression(then), orelse=expression(other))


def _lambda(node: "Node") -> ast.expr:
    inner = field(node, "body")
    body = expression(inner) if inner.type != "statement_block" else ast.Name("_unread", ast.Load())
    arguments = [ast.arg(arg=each) for each in parameters(node)]
    given = ast.arguments(posonlyargs=[], args=arguments, kwonlyargs=[], kw_defaults=[], defaults=[])
    found = Script(args=given, body=body)
    found.script = without_types(node)
    found.works = inner.type != "statement_block" or bool(named(inner))
    return found


class Script(ast.Lambda):
    """A function within an expression, with what was written there."""

    script = ""
    works = False


def without_types(node: "Node") -> str:
    """The JavaScript of a piece of TypeScript: what is told of types is taken out."""
    source, kept, done = node.text or b"", b"", 0
    for start, end in sorted(_types(node)):
        kept, done = kept + source[done : start - node.start_byte], max(done, end - node.start_byte)
    return (kept + source[done:]).decode()


def _types(node: "Node") -> list[tuple[int, int]]:
    waiting, found = list(node.named_children), []
    while waiting:
        each = waiting.pop()
        if each.type in ("type_annotation", "type_arguments", "type_parameters"):
            found.append((each.start_byte, each.end_byte))
        else:
            waiting += each.named_children
    return found


_EXPRESSIONS: dict[str, Callable[["Node"], ast.expr]] = {
    "identifier": lambda node: ast.Name(text_of(node), ast.Load()),
    "undefined": lambda node: ast.Constant(None),
    "string": lambda node: ast.Constant(unescaped(text_of(node)[1:-1])),
    "number": _number,
    "template_string": _template,
    "object": _object,
    "array": _array,
    "member_expression": _member,
    "subscript_expression": _subscript,
    "call_expression": _call,
    "new_expression": _call,
    "binary_expression": _binary,
    "unary_expression": _unary,
    "ternary_expression": _ternary,
    "arrow_function": _lambda,
    **{name: (lambda node: ast.Constant(_CONSTANTS[text_of(node)])) for name in ("true", "false", "null")},
}
