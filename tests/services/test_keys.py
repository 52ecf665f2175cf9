"""Keys as people paste them."""

import pytest

from flowloom.services.models.keys import BEGINNINGS, clean_key, problem_of
from flowloom.services.models.presets import PRESETS
from flowloom.services.models.settings import Provider

KEY = "sk-proj-abc_DEF-123"
PASTED = [
    KEY,
    f"  {KEY}\n",
    f'"{KEY}"',
    f"“{KEY}”",
    f"« {KEY} »",
    f"`{KEY}`",
    f"{KEY};",
    f"\ufeff{KEY}\u200b",
    f"{KEY[:9]}\r\n  {KEY[9:]}",
    f"OPENAI_API_KEY={KEY}",
    f'export OPENAI_API_KEY="{KEY}"',
    f'$env:OPENAI_API_KEY = "{KEY}"',
    f"set OPENAI_API_KEY={KEY}",
    f"OPENAI_API_KEY: '{KEY}'",
    f"Bearer {KEY}",
    f"Authorization: Bearer {KEY}",
    f'"Authorization: bearer {KEY}"',
]
PRESET = {preset.id: preset for preset in PRESETS}


@pytest.mark.parametrize("pasted", PASTED)
def test_a_key_is_found_in_what_was_pasted(pasted: str) -> None:
    assert clean_key(pasted) == KEY


@pytest.mark.parametrize("key", ["gsk_abc", "AIzaSy-x_1", "abc.DEF", "id:secret", "a+b/c==", "0123456789abcdef"])
def test_a_key_of_any_shape_stays_as_it_is(key: str) -> None:
    assert clean_key(key) == key


@pytest.mark.parametrize("pasted", ["", "   ", '""', "Bearer ", "\u200b"])
def test_nothing_is_nothing(pasted: str) -> None:
    assert clean_key(pasted) == ""


@pytest.mark.parametrize(("beginning", "vendor"), BEGINNINGS.items())
def test_a_key_of_another_vendor_is_told(beginning: str, vendor: str) -> None:
    other = "groq" if vendor != "groq" else "openai"
    assert problem_of(f"{beginning}abc", PRESET[vendor].provider()) is None
    problem = problem_of(f"{beginning}abc", PRESET[other].provider())
    assert problem
    assert PRESET[vendor].name in str(problem)
    assert beginning not in str(problem)


def test_a_server_of_ones_own_takes_any_key() -> None:
    own = Provider(id="school", kind="compatible", base_url="https://models.example/v1")
    assert problem_of("sk-ant-abc", own) is None
    assert problem_of("sk-abc", PRESET["deepseek"].provider()) is None


def test_what_is_no_key_is_told() -> None:
    assert problem_of("мойключ", PRESET["openai"].provider())
