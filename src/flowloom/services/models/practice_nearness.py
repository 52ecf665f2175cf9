"""How the practice model chooses where words tell nothing: by what a text and the choices mean."""

from collections.abc import Mapping

from flowloom.kinds.services import Nearness as Nearness
from flowloom.services.models.practice_intents import intents_named

# Chosen with `benchmarks/choice_messages/tuning.toml`; `python -m benchmarks.choices` shows the other half.
_LEAST = 0.08
"""How near the best choice has to be."""
_LEAD = 0.1
"""The share of its nearness by which it has to lead the second."""
_OFF_TOPIC = 0.08
"""How much nearer a text may be to something else than to the best choice."""
_LONGEST = 1_000
# How a person writes shows in their words, and is near to nothing in meaning.
_MANNERS = frozenset({"question", "complaint", "praise", "thanks"})

# What people write about otherwise: a text nearer to one of these than to any choice fits none.
_TOPICS = (
    "Where a parcel is, when it comes, and to which address",
    "Where a shop or an office is, when it is open, and where to park",
    "Whether something is sold there, in which colours and sizes",
    "How one can pay: by card, by transfer or in instalments",
    "Prices, offers and gift cards",
    "Applying for a job, or working together",
    "Hello, thank you and goodbye",
    "Weather",
    "Sport and games",
    "News and politics",
    "History, art and famous people",
    "Nature, animals and plants",
    "Families, children and schools",
    "Friends, neighbours and parties",
    "Cooking and eating out",
    "Travelling, trains and hotels",
    "Illness, doctors and medicine",
    "Money, banks and taxes",
    "Houses, furniture and gardens",
    "Cars, roads and bicycles",
    "Computers, telephones and the internet",
    "Films, books and music",
    "Mathematics and science",
    "Languages and translating",
    "Writing a letter or a story",
    "Law, papers and offices",
    "Clothes and shoes",
    "Work, colleagues and meetings",
)


def choose_nearest(text: str, choices: Mapping[str, str], nearness: Nearness) -> str:
    """The choice a text is nearest to in meaning; "" where none stands out among the others and other topics."""
    about = [f"{label}: {said}" if said.strip() else label for label, said in choices.items()]
    if not about or all(_MANNERS & intents_named(each) for each in about):
        return ""
    near = nearness(text[:_LONGEST], [*about, *_TOPICS])
    if not near:
        return ""
    ranked = sorted(zip(near, choices, strict=False), key=lambda each: -each[0])
    best, label = ranked[0]
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    stands_out = best >= _LEAST and best - second >= _LEAD * best
    return label if stands_out and best >= max(near[len(about) :]) - _OFF_TOPIC else ""
