"""Few people prove little, and nobody counts twice a day or for themselves."""

import pytest

from flowloom.gallery.ranking import BEFORE, GOOD, RECENT, WINDOW, Figures, surely
from flowloom.store.real_use import today
from flowloom.visits.visitors import Caller, new_token
from flowloom.workspace import Workspace
from tests.gallery.stocking import stock

pytestmark = pytest.mark.usefixtures("kept_in")


@pytest.mark.parametrize(
    ("good", "of", "least"),
    [(0, 0, 0.0), (1, 1, 0.2065), (10, 10, 0.7225), (90, 100, 0.8256), (500, 1000, 0.4691), (0, 50, 0.0)],
)
def test_a_share_is_damped_by_how_many_were_asked(good: int, of: int, least: float) -> None:
    assert surely(good, of) == pytest.approx(least, abs=1e-4)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (Figures(conversations=100, people=50), Figures(conversations=50, people=50)),
        (Figures(50, 50, 25), Figures(50, 50, 5)),
        (Figures(50, 50, ratings=40, good=38), Figures(50, 50, ratings=1, good=1)),
    ],
)
def test_what_is_used_kept_and_liked_stands_higher(better: Figures, worse: Figures) -> None:
    assert better.score > worse.score


@pytest.mark.parametrize(
    ("figures", "trends"),
    [
        (Figures(recent=50, before=20, recent_people=30), True),
        (Figures(recent=10, before=40, recent_people=8), False),
        (Figures(recent=9, before=0, recent_people=2), False),
    ],
)
def test_trending_is_more_use_by_several_people(figures: Figures, trends: bool) -> None:
    assert (figures.trend > 1) is trends


def test_one_person_counts_once_a_day_and_the_builder_never(home: Workspace) -> None:
    flow = stock(home, "Echo")
    token = new_token()
    for caller in (Caller(), Caller(), Caller(owner=True)):
        visit = home.visits.enter("echo", token if not caller.owner else new_token(), caller)
        chat = visit.begin()
        home.runner.finished(visit.say(chat, "Hello"))
    counted = home.gallery.use.counted(WINDOW, RECENT, BEFORE)[flow.id]
    assert (counted.conversations, counted.people, counted.returning) == (1, 1, 0)
    person = home.visits.person(flow.id, token, Caller())
    home.gallery.use.note(flow.id, person, today() - 3)
    home.gallery.use.note(flow.id, person, today() - WINDOW - 1)
    counted = home.gallery.use.counted(WINDOW, RECENT, BEFORE)[flow.id]
    assert (counted.conversations, counted.people, counted.returning) == (2, 1, 1)
    home.visits.enter("echo", token).delete_all()
    assert flow.id not in home.gallery.use.counted(WINDOW, RECENT, BEFORE)


def test_ratings_are_counted_with_the_good_ones(home: Workspace) -> None:
    flow = stock(home, "Echo")
    for person, stars in (("a", 5), ("b", 2), ("a", 4)):
        home.gallery.use.rate(flow.id, person, stars, "")
    assert home.gallery.use.rated(GOOD) == {flow.id: (2, 1, 6)}
