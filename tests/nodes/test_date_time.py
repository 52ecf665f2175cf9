"""Date and time in three languages and any zone."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.errors import FlowloomError, NodeError
from tests.nodes.conftest import Ports, World


@pytest.mark.parametrize(
    ("language", "config", "text"),
    [
        ("en", {}, "Saturday, 4 July 2026, 12:05"),
        ("fr", {}, "samedi 4 juillet 2026 à 12:05"),
        ("zh", {}, "2026年7月4日 星期六 12:05"),
        ("de", {}, "Saturday, 4 July 2026, 12:05"),
        ("en", {"style": "date"}, "Saturday, 4 July 2026"),
        ("en", {"style": "time"}, "12:05"),
        ("en", {"style": "iso"}, "2026-07-04T12:05:00+00:00"),
        ("en", {"time_zone": "Asia/Shanghai"}, "Saturday, 4 July 2026, 20:05"),
        ("en", {"time_zone": "america/los angeles"}, "Saturday, 4 July 2026, 05:05"),
    ],
)
def test_in_words(world: World, language: str, config: dict[str, str], text: str) -> None:
    world.language = language
    assert world.run("datetime", {"time_zone": "UTC"} | config)["text"] == text


def test_parts_and_the_zone_an_agent_asks_for(world: World) -> None:
    assert world.run("datetime", {"time_zone": "UTC", "style": "iso"}, time_zone="Pacific/Auckland") == {
        "text": "2026-07-05T00:05:00+12:00",
        "date": "2026-07-05",
        "time": "00:05",
        "weekday": "Sunday",
    }


def test_this_computers_time_is_the_default(world: World) -> None:
    world.now = datetime(2026, 7, 4, 12, 5)
    assert world.run("datetime")["time"] == "12:05"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Europe/Pari", "Europe/Paris"),
        ("tokio", "Asia/Tokyo"),
        ("../../etc/passwd", "Enter continent"),
        ("Europe", "Enter continent"),
    ],
)
def test_unknown_zones(world: World, name: str, hint: str) -> None:
    with pytest.raises(NodeError, match=hint):
        world.run("datetime", time_zone=name)
    assert Ports.problems("datetime", time_zone=name) == ["zone"]


@given(st.text(max_size=80))
def test_only_flowloom_errors(name: str) -> None:
    try:
        World().run("datetime", time_zone=name)
    except FlowloomError:
        pass
