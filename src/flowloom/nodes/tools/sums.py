"""Sums as people write them, worked out without running code: `2×3`, `√9`, `10 % of 3,50`."""

import re
from collections.abc import Iterator
from itertools import pairwise
from math import isfinite
from typing import NamedTuple
from unicodedata import normalize

from simpleeval import InvalidExpression, SimpleEval  # type: ignore[import-untyped]

from flowloom.errors import NodeError
from flowloom.locales import add_texts
from flowloom.nodes.numbers import plain_digits
from flowloom.nodes.tools.arithmetic import CONSTANTS, FUNCTIONS, OPERATORS, SEVERAL_ARGUMENTS

MAX_LENGTH = 500
MAX_DEPTH = 40

_TOKEN = re.compile(
    r"(?P<number>[0-9]{1,3}(?: [0-9]{3})+(?![0-9])(?:[.,][0-9]+)?"
    r"|[0-9][0-9.,]*(?<![.,])(?:[eE][+-]?[0-9]{1,3}(?!\w))?|[.,][0-9]+)"
    r"|(?P<word>[^\W\d_]\w*)|(?P<sign>\*\*|//|[-+*/%()√,])|(?P<space>\s+)|(?P<other>.)",
    re.DOTALL,
)
_SAME_SIGN = str.maketrans(
    {"×": "*", "·": "*", "∙": "*", "⋅": "*", "✕": "*", "÷": "/", "∕": "/", "⁄": "/", "−": "-", "–": "-"}
    | {"[": "(", "]": ")", "的": " of ", "²": "^2", "³": "^3", "π": " pi "}
    | {"\xa0": " ", "\u202f": " ", "\u2009": " "}
)
_TIMES_AS_X = re.compile(r"(?<=[\d)\s])[xX](?=[\d(\s])")
_OF = ("of", "de")

add_texts(
    {
        "zh": {
            "This sum is empty.": "算式是空的。",
            "Write something like 2 × (3 + 4).": "请写成类似 2 × (3 + 4) 的算式。",
            "This sum is too long to work out.": "算式太长，无法计算。",
            "Split it into smaller sums.": "请拆成较小的算式。",
            "“{part}” has no place in a sum.": "算式里不能出现“{part}”。",
            "Use numbers, brackets, + - × ÷ ^ % √ and functions such as round, min or max.": (
                "请使用数字、括号、+ - × ÷ ^ % √，以及 round、min、max 等函数。"
            ),
            "This sum cannot be read: {sum}": "看不懂这个算式：{sum}",
            "Check the brackets and the signs.": "请检查括号和符号。",
            "The result is too large to work out.": "结果太大，无法计算。",
            "Use smaller numbers.": "请用较小的数字。",
            "Nothing can be divided by zero.": "不能除以零。",
            "Check the number below the line.": "请检查除数。",
            "This sum has no result among the ordinary numbers.": "这个算式在普通数字中没有结果。",
            "A square root needs a number that is not negative, for example.": "例如，平方根需要一个非负数。",
        },
        "fr": {
            "This sum is empty.": "Ce calcul est vide.",
            "Write something like 2 × (3 + 4).": "Écrivez par exemple 2 × (3 + 4).",
            "This sum is too long to work out.": "Ce calcul est trop long.",
            "Split it into smaller sums.": "Découpez-le en calculs plus petits.",
            "“{part}” has no place in a sum.": "« {part} » n’a pas sa place dans un calcul.",
            "Use numbers, brackets, + - × ÷ ^ % √ and functions such as round, min or max.": (
                "Utilisez des nombres, des parenthèses, + - × ÷ ^ % √ et des fonctions comme round, min ou max."
            ),
            "This sum cannot be read: {sum}": "Ce calcul est illisible : {sum}",
            "Check the brackets and the signs.": "Vérifiez les parenthèses et les signes.",
            "The result is too large to work out.": "Le résultat est trop grand.",
            "Use smaller numbers.": "Utilisez des nombres plus petits.",
            "Nothing can be divided by zero.": "On ne peut pas diviser par zéro.",
            "Check the number below the line.": "Vérifiez le diviseur.",
            "This sum has no result among the ordinary numbers.": (
                "Ce calcul n’a pas de résultat parmi les nombres ordinaires."
            ),
            "A square root needs a number that is not negative, for example.": (
                "Une racine carrée, par exemple, demande un nombre qui n’est pas négatif."
            ),
        },
    }
)


def work_out(sum: str, language: str = "en") -> float:
    """The result of a sum. `3,5` is one number unless it stands in a list of them."""
    plain = plain_signs(sum[: MAX_LENGTH + 1])
    if not plain:
        raise NodeError("This sum is empty.", "Write something like 2 × (3 + 4).", code="sum.empty")
    if len(sum) > MAX_LENGTH or plain.count("(") + plain.count("√") > MAX_DEPTH:
        raise NodeError("This sum is too long to work out.", "Split it into smaller sums.", code="sum.too_long")
    try:
        result = evaluate(" ".join(pieces(plain, language)))
    except ZeroDivisionError as error:
        raise NodeError(
            "Nothing can be divided by zero.", "Check the number below the line.", code="sum.zero"
        ) from error
    except (ArithmeticError, MemoryError, RecursionError) as error:
        raise NodeError(
            "The result is too large to work out.", "Use smaller numbers.", code="sum.too_large"
        ) from error
    except (InvalidExpression, SyntaxError, TypeError, LookupError, AttributeError) as error:
        raise NodeError(
            "This sum cannot be read: {sum}",
            "Check the brackets and the signs.",
            code="sum.unreadable",
            sum=sum,
        ) from error
    except ValueError as error:
        raise NodeError(
            "This sum has no result among the ordinary numbers.",
            "A square root needs a number that is not negative, for example.",
            code="sum.no_result",
        ) from error
    return result


def evaluate(expression: str) -> float:
    result = SimpleEval(operators=OPERATORS, functions=FUNCTIONS, names=CONSTANTS).eval(expression)
    if isinstance(result, complex):
        raise ValueError("complex")
    if not isinstance(result, int | float):
        raise TypeError("no number")
    if not isfinite(result):
        raise OverflowError
    # 0.1 + 0.2 is 0.3 to everyone but a computer.
    return result if isinstance(result, int) else float(f"{result:.15g}")


def plain_signs(sum: str) -> str:
    """The sum with one sign for each operation, and without the `=` people put at its end."""
    plain = normalize("NFKC", sum.translate(_SAME_SIGN)).translate(_SAME_SIGN).replace("^", "**")
    return _TIMES_AS_X.sub("*", plain).strip().rstrip("=? ")


class Token(NamedTuple):
    kind: str
    text: str

    @property
    def starts_value(self) -> bool:
        return (self.kind in ("number", "percent", "word") and self.text not in _OF) or self.text in ("(", "√")

    @property
    def ends_value(self) -> bool:
        return self.kind in ("number", "percent") or self.text in CONSTANTS or self.text == ")"


END = Token("end", "")


def tokens(plain: str) -> Iterator[Token]:
    """The parts of a sum; inside a list of arguments, `3,5` are two numbers unless a `;` parts them."""
    parted = ";" in plain
    inside: list[bool] = []
    last = ""
    for match in _TOKEN.finditer(plain.replace(";", " , ")):
        kind, text = match.lastgroup or "", match[0].lower()
        if kind == "space":
            continue
        if text == "(":
            inside.append(last in SEVERAL_ARGUMENTS)
        elif text == ")" and inside:
            inside.pop()
        last = text
        if kind == "number" and "," in text and not parted and inside and inside[-1]:
            yield from (Token("sign" if part == "," else "number", part) for part in re.split("(,)", text))
        else:
            yield Token(kind, text)


def pieces(plain: str, language: str) -> Iterator[str]:
    """The sum in the evaluator's signs: nothing but numbers, known names and these signs gets through."""
    rooted = False
    for token, following in pairwise([*percents(list(tokens(plain))), END]):
        text = evaluable(token, following, language)
        yield f"({text})" if rooted else text
        rooted = token.text == "√" and following.text != "("
        if token.ends_value and following.starts_value and following.kind not in ("number", "percent"):
            yield "*"


def percents(found: list[Token]) -> Iterator[Token]:
    """`50 %` as one part, so that it binds tighter than any sign; `10 % 3` stays the rest of a division."""
    taken = False
    for token, sign, after in zip(found, [*found[1:], END], [*found[2:], END, END], strict=False):
        percent = token.kind == "number" and sign.text == "%" and not after.starts_value
        if not taken:
            yield Token("percent", token.text) if percent else token
        taken = percent and not taken


def evaluable(token: Token, following: Token, language: str) -> str:
    match token.kind:
        case "number" | "percent":
            digits = plain_digits(token.text.replace(" ", ""), language) if token.text else None
            if digits is not None:
                # The evaluator reads a leading zero as a mistake, and a bare point too.
                bare = digits.lstrip("0")
                number = bare if bare[:1].isdigit() else f"0{bare}"
                return f"({number} / 100)" if token.kind == "percent" else number
        case "word" if token.text in _OF:
            return "*"
        case "word" if token.text in FUNCTIONS or token.text in CONSTANTS:
            return token.text
        case "sign" if token.text == "√":
            return "sqrt"
        case "sign" if token.text == "%" and not following.starts_value:
            return "/ 100"
        case "sign":
            return token.text
    raise NodeError(
        "“{part}” has no place in a sum.",
        "Use numbers, brackets, + - × ÷ ^ % √ and functions such as round, min or max.",
        code="sum.part",
        part=token.text or ",",
    )
