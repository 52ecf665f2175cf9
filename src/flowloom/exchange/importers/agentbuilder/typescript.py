"""A TypeScript program as the Python syntax tree of the same program, so that both languages are read alike."""

import ast
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flowloom.exchange.importers.agentbuilder.script_values import (
    OPERATIONS,
    expression,
    field,
    named,
    parameters,
    text_of,
    unwrapped,
)

if TYPE_CHECKING:
    from tree_sitter import Node


def parse_typescript(text: str) -> ast.Module:
    """Raises SyntaxError for what is no TypeScript."""
    import tree_sitter_typescript
    from tree_sitter import Language, Parser

    tree = Parser(Language(tree_sitter_typescript.language_typescript())).parse(text.encode())
    if tree.root_node.has_error:
        wrong = SyntaxError()
        wrong.lineno = _first_error(tree.root_node)
        raise wrong
    return ast.fix_missing_locations(ast.Module(body=block(tree.root_node.named_children), type_ignores=[]))


def _first_error(node: "Node") -> int:
    """The line where the parser lost its way."""
    while (inner := next((each for each in node.children if each.has_error), None)) is not None:
        node = inner
    # One that swallowed many lines was never closed.
    return (node.start_point if node.start_point[0] == node.end_point[0] else node.end_point)[0] + 1


# -- statements


def block(nodes: Iterable["Node"]) -> list[ast.stmt]:
    return [statement for node in nodes for statement in statements(node)]


def body_of(node: "Node") -> list[ast.stmt]:
    found = block(named(node)) if node.type == "statement_block" else statements(node)
    return found or [ast.Pass()]


def statements(node: "Node") -> list[ast.stmt]:
    """The Python of one statement; what only describes types is nothing."""
    how = _STATEMENTS.get(node.type)
    return how(node) if how else []


def _declared(node: "Node") -> list[ast.stmt]:
    found: list[ast.stmt] = []
    for each in named(node):
        value = each.child_by_field_name("value")
        if each.type == "variable_declarator" and value is not None:
            found += _assigned(field(each, "name"), value)
    return found


def _assigned(name: "Node", value: "Node") -> list[ast.stmt]:
    value = unwrapped(value)
    if value.type in ("arrow_function", "function_expression", "function"):
        return [_function(text_of(name), value)]
    if name.type == "object_pattern":
        return _destructured(name, value)
    return [ast.Assign(targets=[ast.Name(text_of(name), ast.Store())], value=expression(value))]


def _destructured(pattern: "Node", value: "Node") -> list[ast.stmt]:
    """`const { a: b } = f()` as `_all = f()` and `b = _all.a`."""
    whole = f"_parts_{pattern.start_byte}"
    found: list[ast.stmt] = [ast.Assign(targets=[ast.Name(whole, ast.Store())], value=expression(value))]
    for part in named(pattern):
        if part.type == "pair_pattern":
            key, name = text_of(field(part, "key")), text_of(field(part, "value"))
        else:
            key = name = text_of(part).partition("=")[0].strip()
        got = ast.Attribute(ast.Name(whole, ast.Load()), key, ast.Load())
        found.append(ast.Assign(targets=[ast.Name(name, ast.Store())], value=got))
    return found


def _function(name: str, node: "Node") -> ast.FunctionDef:
    inner = field(node, "body")
    body: list[ast.stmt] = (
        body_of(inner) if inner.type == "statement_block" else [ast.Return(value=expression(inner))]
    )
    arguments = [ast.arg(arg=each) for each in parameters(node)]
    given = ast.arguments(posonlyargs=[], args=arguments, kwonlyargs=[], kw_defaults=[], defaults=[])
    return ast.FunctionDef(name=name, args=given, body=body, decorator_list=[])


def _expression_statement(node: "Node") -> list[ast.stmt]:
    inner = unwrapped(named(node)[0])
    if inner.type == "assignment_expression":
        return [ast.Assign(targets=[target(field(inner, "left"))], value=expression(field(inner, "right")))]
    if inner.type == "augmented_assignment_expression":
        operator = OPERATIONS.get(text_of(field(inner, "operator"))[:-1], ast.Add)
        left = target(field(inner, "left"))
        return [ast.AugAssign(target=left, op=operator(), value=expression(field(inner, "right")))]
    if inner.type == "update_expression":
        change = ast.Add() if "++" in text_of(inner) else ast.Sub()
        return [ast.AugAssign(target=target(field(inner, "argument")), op=change, value=ast.Constant(1))]
    return _traced(inner) or [ast.Expr(value=expression(inner))]


def target(node: "Node") -> ast.Name | ast.Attribute | ast.Subscript:
    found = expression(node)
    if not isinstance(found, ast.Name | ast.Attribute | ast.Subscript):
        raise SyntaxError(node.type)
    found.ctx = ast.Store()
    return found


def _traced(node: "Node") -> list[ast.stmt]:
    """`withTrace("name", async () => {…})` as `with trace("name"):`."""
    if node.type != "call_expression" or text_of(field(node, "function")) != "withTrace":
        return []
    name, inner = named(field(node, "arguments"))[:2]
    call = ast.Call(func=ast.Name("trace", ast.Load()), args=[expression(name)], keywords=[])
    return [ast.With(items=[ast.withitem(context_expr=call)], body=body_of(field(inner, "body")))]


def _returned(node: "Node") -> list[ast.stmt]:
    inner = named(node)
    if not inner:
        return [ast.Return(value=None)]
    return _traced(unwrapped(inner[0])) or [ast.Return(value=expression(inner[0]))]


def _if(node: "Node") -> list[ast.stmt]:
    other = node.child_by_field_name("alternative")
    orelse = body_of(named(other)[0]) if other is not None else []
    test, then = expression(field(node, "condition")), body_of(field(node, "consequence"))
    return [ast.If(test=test, body=then, orelse=orelse)]


def _while(node: "Node") -> list[ast.stmt]:
    return [ast.While(test=expression(field(node, "condition")), body=body_of(field(node, "body")), orelse=[])]


def _for_of(node: "Node") -> list[ast.stmt]:
    name = ast.Name(text_of(field(node, "left")), ast.Store())
    items = expression(field(node, "right"))
    return [ast.For(target=name, iter=items, body=body_of(field(node, "body")), orelse=[])]


def _try(node: "Node") -> list[ast.stmt]:
    return [ast.Try(body=body_of(field(node, "body")), handlers=[], orelse=[], finalbody=[])]


_STATEMENTS: dict[str, Callable[["Node"], list[ast.stmt]]] = {
    "lexical_declaration": _declared,
    "variable_declaration": _declared,
    "export_statement": lambda node: block(named(node)),
    "function_declaration": lambda node: [_function(text_of(field(node, "name")), node)],
    "expression_statement": _expression_statement,
    "return_statement": _returned,
    "throw_statement": lambda node: [ast.Raise()],
    "if_statement": _if,
    "while_statement": _while,
    "for_in_statement": _for_of,
    "try_statement": _try,
    "statement_block": lambda node: block(named(node)),
}
