"""Every imported block has a place, none stands on another, and a thousand are placed at once."""

from hypothesis import given
from hypothesis import strategies as st

from flowloom.exchange.layers import COLUMN, ROW, WIDEST, laid_out
from flowloom.flow.model import Edge, Position


def edges_of(*pairs: str) -> list[Edge]:
    return [Edge.model_validate({"from": f"{pair[0]}.out", "to": f"{pair[1]}.in"}) for pair in pairs]


def test_layers_follow_the_longest_way() -> None:
    places = laid_out(list("abcd"), edges_of("ab", "bc", "ac", "cd"), {})
    assert [places[id].x for id in "abcd"] == [0, COLUMN, 2 * COLUMN, 3 * COLUMN]


def test_a_line_back_counts_for_nothing() -> None:
    places = laid_out(list("abc"), edges_of("ab", "bc", "cb"), {})
    assert [places[id].x for id in "abc"] == [0, COLUMN, 2 * COLUMN]


def test_siblings_stand_below_each_other() -> None:
    places = laid_out(list("abc"), edges_of("ab", "ac"), {})
    assert (places["b"].x, places["b"].y) == (COLUMN, 0)
    assert (places["c"].x, places["c"].y) == (COLUMN, ROW)


def test_helpers_stand_beside_blocks_with_a_place() -> None:
    known = {"a": Position(x=10, y=20), "c": Position(x=10 + 2 * COLUMN, y=20)}
    places = laid_out(list("abc"), edges_of("ab", "bc"), known)
    assert places == {**known, "b": Position(x=10 + COLUMN, y=20)}


def test_a_helper_stands_behind_the_last_of_those_it_comes_from() -> None:
    known = {"a": Position(x=0, y=0), "b": Position(x=300, y=0), "d": Position(x=900, y=0)}
    places = laid_out(list("adbc"), edges_of("ab", "ac", "bc", "cd", "dc"), known)
    assert places["c"].x == 300 + COLUMN


def test_what_wide_cards_left_between_is_closed_up_in_the_same_order() -> None:
    """Three blocks of another builder, whose cards are twice as wide, are seen at once; rows stay rows."""
    known = {"a": Position(x=80, y=282), "b": Position(x=980, y=282), "c": Position(x=1880, y=1200)}
    places = laid_out(list("abc"), edges_of("ab", "bc"), known)
    assert [(places[id].x, places[id].y) for id in "abc"] == [
        (80, 282),
        (80 + WIDEST, 282),
        (80 + 2 * WIDEST, 1200),
    ]


def test_blocks_that_stand_close_keep_their_distance() -> None:
    known = {"a": Position(x=0, y=0), "b": Position(x=230, y=150)}
    assert laid_out(list("ab"), edges_of("ab"), known) == known


def test_a_card_with_many_ports_stands_clear_of_the_one_below() -> None:
    """Six inputs make a card 196 units high: more than the 150 at which the next one stood."""
    lines = [Edge.model_validate({"from": "a.out", "to": f"b.in{number}"}) for number in range(6)]
    known = {"a": Position(x=0, y=0), "b": Position(x=300, y=0), "c": Position(x=300, y=150)}
    assert laid_out(list("abc"), lines, known)["c"] == Position(x=300, y=216)
    placed = laid_out(list("abc"), [*lines, *edges_of("ac")], {})
    assert placed["c"].y - placed["b"].y == 216


LINES = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), max_size=20)
SPOTS = st.dictionaries(
    st.sampled_from("abcdefgh"),
    st.builds(Position, x=st.floats(-1e6, 1e6), y=st.floats(-1e6, 1e6 - 1e4)),
)


@given(LINES, SPOTS)
def test_no_two_blocks_overlap(lines: list[tuple[str, str]], known: dict[str, Position]) -> None:
    ids = list("abcdefgh")
    placed = laid_out(ids, edges_of(*("".join(line) for line in lines)), known)
    assert set(placed) == set(ids)
    places = list(placed.values())
    for number, one in enumerate(places):
        for other in places[:number]:
            assert abs(one.x - other.x) >= COLUMN - 40 or abs(one.y - other.y) >= ROW - 20
