"""The outermost parts of a piece of JavaScript: what is in its brackets and quotes stays together."""

from collections.abc import Iterator

LONGEST, DEEPEST = 20_000, 20
"""Code that is longer, or in more brackets, is left as it is: what a file says is read in one go."""
_OPEN, _CLOSE, _QUOTES = "([{", ")]}", "\"'`"


def parts_of(code: str, sign: str = ",") -> list[str]:
    """The code between signs that stand in no bracket and no quote."""
    places = [place for place, each, depth in _signs(code) if each == sign and not depth]
    return [
        code[start:end]
        for start, end in zip([0, *(each + 1 for each in places)], [*places, len(code)], strict=True)
    ]


def choice_of(code: str) -> tuple[str, str, str] | None:
    """Condition, value and otherwise of `a ? b : c`; None where it is no such choice."""
    code = without_brackets(code)
    if len(code) > LONGEST:
        return None
    asked = parts_of(code, "?")
    if len(asked) < 2 or any(each.startswith((".", "?")) for each in asked[1:]):
        return None
    rest = code[len(asked[0]) + 1 :]
    depth = 0
    for place, each, within in _signs(rest):
        if within:
            continue
        depth += each == "?"
        if each == ":":
            if not depth:
                return asked[0].strip(), rest[:place].strip(), rest[place + 1 :].strip()
            depth -= 1
    return None


def without_brackets(code: str) -> str:
    """The code without brackets around all of it."""
    code = code.strip()
    for _ in range(DEEPEST):
        if len(code) > LONGEST or not is_closed(code):
            break
        code = code[1:-1].strip()
    return code


def is_closed(code: str) -> bool:
    """Whether one pair of round brackets holds all of it."""
    if not code.startswith("("):
        return False
    return next((place for place, each, depth in _signs(code) if each == ")" and not depth), -1) == len(code) - 1


def _signs(code: str) -> Iterator[tuple[int, str, int]]:
    """Each sign outside of quotes with how many brackets are open around it."""
    depth, quote, place = 0, "", 0
    while place < len(code):
        sign = code[place]
        if quote:
            place += sign == "\\"
            quote = "" if sign == quote else quote
        elif sign in _QUOTES:
            quote = sign
        else:
            depth -= sign in _CLOSE
            yield place, sign, depth
            depth += sign in _OPEN
        place += 1
