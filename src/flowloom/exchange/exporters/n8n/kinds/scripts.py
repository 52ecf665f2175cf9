"""JavaScript of a block as n8n runs it, within an expression."""

import json
import re

from flowloom.exchange.exporters.n8n.expressions import NotTaken


def expression_of(code: str) -> str:
    """The body of an arrow function that gives what the code's last expression gives. Raises NotTaken."""
    from quickjs_rs import QuickJSError, Runtime

    with Runtime() as runtime, runtime.new_context(timeout=2) as context:

        def can_read(text: str) -> bool:
            try:
                # A function is made of the text alone, whatever braces are in it, and never called.
                context.eval(f"Function({json.dumps(text)}); 0")
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
