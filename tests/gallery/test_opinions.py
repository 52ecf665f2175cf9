"""Who may rate, and a flood of ratings."""

import pytest

from flowloom.errors import FlowloomError
from flowloom.gallery.opinions import OF_ONE_GPT, PER_MINUTE
from flowloom.workspace import Workspace
from tests.gallery.stocking import stock


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"own": True}, "store.own"),
        ({"person": "somebody else"}, "store.unused"),
        ({"stars": 0}, "store.stars"),
        ({"stars": 6}, "store.stars"),
        ({"reason": "x" * 501}, "store.long"),
    ],
)
def test_what_is_no_rating(home: Workspace, change: dict[str, object], code: str) -> None:
    flow = stock(home, "Echo", use=1)
    given = {"flow": flow.id, "person": "person 0", "stars": 5, "reason": "Fine", "own": False, "known": True}
    with pytest.raises(FlowloomError) as caught:
        home.gallery.opinions.rate(**(given | change))  # type: ignore[arg-type]
    assert caught.value.problem.code == code
    assert home.gallery.opinions.of(flow.id) == []


def test_a_flood_is_stopped_for_one_address_and_for_one_gpt(home: Workspace) -> None:
    flow = stock(home, "Echo", use=OF_ONE_GPT + 1)

    def rate(person: int, address: str) -> None:
        home.gallery.opinions.rate(flow.id, f"person {person}", 1, "", own=False, known=False, address=address)

    for person in range(PER_MINUTE):
        rate(person, "192.0.2.1")
    with pytest.raises(FlowloomError, match="a lot at once"):
        rate(PER_MINUTE, "192.0.2.1")
    for person in range(PER_MINUTE, OF_ONE_GPT):
        rate(person, f"192.0.2.{person + 2}")
    with pytest.raises(FlowloomError, match="a lot at once"):
        rate(OF_ONE_GPT, "192.0.2.250")
    assert home.gallery.use.rated(4)[flow.id][0] == OF_ONE_GPT


def test_ratings_with_a_reason_stand_first(home: Workspace) -> None:
    flow = stock(home, "Echo", use=2)
    for person, reason in (("person 0", "Helps  me\nevery week."), ("person 1", "")):
        home.gallery.opinions.rate(flow.id, person, 4, reason, own=False, known=True)
    assert [each.reason for each in home.gallery.opinions.of(flow.id)] == ["Helps me every week.", ""]
