"""The shelves of the store: those that every store has, and words that builders chose themselves."""

CATEGORIES = {
    "productivity": "Productivity",
    "education": "Education",
    "lifestyle": "Lifestyle",
    "research": "Research",
    "programming": "Programming",
    "writing": "Writing",
    "fun": "Just for fun",
}
"""From the word in an address to the label."""
OTHER = "Other"
"""The label of what stands on no shelf."""
LONGEST = 40
AGES = (0, 12, 16, 18)
"""From which age a GPT can say that it is meant to be used; 0 for everybody."""


def category_of(given: str) -> str:
    """What a builder gave as a category, as it is kept: one of ours by its word, else one line of theirs."""
    plain = " ".join("".join(each if each.isprintable() else " " for each in given).split())[:LONGEST].strip()
    return plain.lower() if plain.lower() in CATEGORIES else plain
