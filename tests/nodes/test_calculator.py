"""Calculator: sums as people write them, and sums that are none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.errors import FlowloomError, NodeError
from tests.nodes.conftest import World

SUMS = [
    ("2×3", "en", 6, "6"),
    ("2 x 3", "en", 6, "6"),
    ("7 ÷ 2", "en", 3.5, "3.5"),
    ("7 ÷ 2", "fr", 3.5, "3,5"),
    ("3,5+1", "fr", 4.5, "4,5"),
    ("3,5+1", "en", 4.5, "4.5"),
    ("1,234+1", "en", 1235, "1235"),
    ("1 234,5 × 2", "fr", 2469, "2469"),
    ("max(3,5)", "en", 5, "5"),
    ("max(3,5; 4)", "fr", 4, "4"),
    ("sqrt(2,25)", "en", 1.5, "1.5"),
    ("15 % of 80", "en", 12, "12"),
    ("15 % de 80", "fr", 12, "12"),
    ("80的15%", "zh", 12, "12"),
    ("200 + 50%", "en", 200.5, "200.5"),
    ("4^50%", "en", 2, "2"),
    ("(20+30)%", "en", 0.5, "0.5"),
    ("10 % 3", "en", 1, "1"),
    ("2^10", "en", 1024, "1024"),
    ("5² + 2³", "en", 33, "33"),
    ("√9", "en", 3, "3"),
    ("√(16) + 1", "en", 5, "5"),
    ("2√9", "en", 6, "6"),
    ("2(3+4)", "en", 14, "14"),
    ("2 pi", "en", 6.28318530717959, "6.28318530718"),
    ("2π", "en", 6.28318530717959, "6.28318530718"),
    ("0.1+0.2", "en", 0.3, "0.3"),
    ("007", "en", 7, "7"),
    ("1e3", "en", 1000, "1000"),
    ("round(2.5)", "en", 3, "3"),
    ("round(3.14159, 2)", "en", 3.14, "3.14"),
    ("average(1; 2; 6)", "en", 3, "3"),
    ("factorial(5)", "en", 120, "120"),
    ("-3 + +2", "en", -1, "-1"),
    ("２＋２＝", "zh", 4, "4"),
    ("2^64", "en", 2**64, "18446744073709551616"),
]


@pytest.mark.parametrize(("sum", "language", "result", "text"), SUMS)
def test_sums(world: World, sum: str, language: str, result: float, text: str) -> None:
    world.language = language
    outputs = world.run("calculator", expression=sum)
    assert outputs["result"] == pytest.approx(result, rel=1e-14)
    assert outputs["text"] == text


@pytest.mark.parametrize(
    ("sum", "code"),
    [
        ("", "sum.empty"),
        ("= ?", "sum.empty"),
        ("1/0", "sum.zero"),
        ("0^-1", "sum.zero"),
        ("9**9**9", "sum.too_large"),
        ("10^301", "sum.too_large"),
        ("factorial(171)", "sum.too_large"),
        ("exp(1000)", "sum.too_large"),
        ("1e300*1e300", "sum.too_large"),
        ("round(5; -1000000000)", "sum.no_result"),
        ("sqrt(-1)", "sum.no_result"),
        ("(-8)^(1/3)", "sum.no_result"),
        ("factorial(1.5)", "sum.no_result"),
        ("1+" * 300 + "1", "sum.too_long"),
        ("(" * 45 + "1" + ")" * 45, "sum.too_long"),
        ("2+", "sum.unreadable"),
        ("1 2", "sum.unreadable"),
        ("max", "sum.unreadable"),
        ("min()", "sum.unreadable"),
        ("1.2.3", "sum.part"),
        ("two", "sum.part"),
        ("__import__('os').system('ls')", "sum.part"),
        ("pi.__class__", "sum.part"),
        ("'a'*3", "sum.part"),
        ("[x for x in (1)]", "sum.part"),
        ("lambda: 1", "sum.part"),
        ("1 if 1 else 2", "sum.part"),
        ("1 << 100", "sum.part"),
    ],
)
def test_no_sums(world: World, sum: str, code: str) -> None:
    with pytest.raises(NodeError) as caught:
        world.run("calculator", expression=sum)
    assert caught.value.problem.code == code


@settings(max_examples=300, deadline=None)
@given(
    sum=st.text(max_size=40)
    | st.lists(
        st.sampled_from(
            "1 23 4,5 , ; ( ) + - * / ^ % √ of pi max( round( factorial( sqrt( e 0 . 9999 x".split(" ")
        ),
        max_size=14,
    ).map("".join)
)
def test_only_flowloom_errors(sum: str) -> None:
    try:
        World().run("calculator", expression=sum)
    except FlowloomError:
        pass
