"""Numbers, amounts and dates, each as its language writes them."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from flowloom.kinds.values import Usage
from flowloom.ui import formatting, session
from flowloom.ui.formatting import ago, count_of, date_of, money, number, seconds, size_of
from flowloom.ui.messages import facts_of

NEW_YEAR = time.mktime((2026, 1, 1, 12, 0, 0, 0, 0, -1))
NOVEMBER = time.mktime((2026, 11, 21, 12, 0, 0, 0, 0, -1))
MINUTE, HOUR, DAY = 60, 3600, 86_400


def before(passed: float) -> str:
    return ago(NOVEMBER - passed)


TABLE: list[tuple[Callable[..., str], tuple[Any, ...], str, str, str]] = [
    (number, (0,), "0", "0", "0"),
    (number, (12345,), "12,345", "12,345", "12\u202f345"),
    (number, (-1234.5,), "-1,234.5", "-1,234.5", "-1\u202f234,5"),
    (number, (86_400.0,), "86,400", "86,400", "86\u202f400"),
    (number, (1234567.891, 2), "1,234,567.89", "1,234,567.89", "1\u202f234\u202f567,89"),
    (seconds, (0.25, 2), "0.25 s", "0.25 秒", "0,25\u202fs"),
    (seconds, (1234.56,), "1,234.6 s", "1,234.6 秒", "1\u202f234,6\u202fs"),
    (money, (0.0123,), "$0.0123", "US$0.0123", "0,0123\u202f$US"),
    (money, (1234.5,), "$1,234.50", "US$1,234.50", "1\u202f234,50\u202f$US"),
    (money, (0.00001,), "< $0.0001", "< US$0.0001", "< 0,0001\u202f$US"),
    (size_of, (10,), "1 KB", "1 KB", "1\u202fko"),
    (size_of, (1_572_864,), "1.5 MB", "1.5 MB", "1,5\u202fMo"),
    (count_of, ("block", 0), "0 blocks", "0 个模块", "0 bloc"),
    (count_of, ("block", 1), "1 block", "1 个模块", "1 bloc"),
    (count_of, ("passage", 2345), "2,345 passages", "2,345 个段落", "2\u202f345 passages"),
    (date_of, (NOVEMBER,), "21 November 2026", "2026年11月21日", "21 novembre 2026"),
    (date_of, (NEW_YEAR,), "1 January 2026", "2026年1月1日", "1er janvier 2026"),
    (before, (5,), "just now", "刚刚", "à l’instant"),
    (before, (20 * MINUTE,), "20 minutes ago", "20 分钟前", "il y a 20 minutes"),
    (before, (5 * HOUR,), "5 hours ago", "5 小时前", "il y a 5 heures"),
    (before, (3 * DAY,), "3 days ago", "3 天前", "il y a 3 jours"),
    (before, (NOVEMBER - NEW_YEAR,), "on 1 January 2026", "2026年1月1日", "le 1er janvier 2026"),
]


@pytest.mark.parametrize(("say", "given", "en", "zh", "fr"), TABLE)
def test_each_language_writes_it_its_own_way(
    monkeypatch: pytest.MonkeyPatch, say: Callable[..., str], given: tuple[Any, ...], en: str, zh: str, fr: str
) -> None:
    monkeypatch.setattr(formatting.time, "time", lambda: NOVEMBER)
    for language, expected in {"en": en, "zh": zh, "fr": fr}.items():
        speak(monkeypatch, language)
        assert say(*given) == expected


def test_what_a_model_took(monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch, "fr")
    usage = Usage(input_tokens=1200, output_tokens=34, cost=0.5, model="a_b")
    assert facts_of(usage) == ["1\u202f234 tokens", "0,5000\u202f\\$US", "a\\_b"]


def speak(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    for module in (formatting, session):
        monkeypatch.setattr(module, "language", lambda: language)
