"""Code of a block as n8n runs it: JavaScript within an expression, Python in a Code node."""

import ast
import re


class NotTaken(Exception):
    """The code cannot be put into an expression."""


def expression_of(code: str) -> str:
    """The body of an arrow function that gives what the code's last expression gives. Raises NotTaken."""
    from quickjs_rs import QuickJSError, Runtime

    with Runtime() as runtime, runtime.new_context(timeout=2) as context:

        def can_read(text: str) -> bool:
            try:
                # A function is read and not called.
                context.eval(f"(() => {{\n{text}\n}}); 0")
            except QuickJSError:
                return False
            return True

        bare = code.strip().rstrip(";")
        if "}}" in code or "{{" in code:
            code, bare = (re.sub(r"\{(?=\{)|\}(?=\})", r"\g<0> ", each) for each in (code, bare))
        if can_read(f"return (\n{bare}\n)"):
            return f"(\n{bare}\n)"
        for place in sorted({found.end() for found in re.finditer(r"[;\n}]", bare)}, reverse=True):
            head, tail = bare[:place], bare[place:].strip().rstrip(";")
            if tail and can_read(f"{head}\nreturn (\n{tail}\n)"):
                return f"{{\n{head}\nreturn (\n{tail}\n)\n}}"
    raise NotTaken


def returning(code: str) -> str | None:
    """Python whose last line, or `result`, is what its node gives; None where it cannot be read."""
    try:
        body = ast.parse(code).body
    except SyntaxError:
        return None
    if not body:
        return None
    last = body[-1]
    if isinstance(last, ast.Expr):
        start = "\n".join(code.splitlines()[: last.lineno - 1])
        return f"{start}\nreturn [{{'json': {{'result': {ast.unparse(last.value)}}}}}]".lstrip("\n")
    return f"{code}\nreturn [{{'json': {{'result': result}}}}]"
