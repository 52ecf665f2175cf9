"""The columns of a table of GPTs, and the names under which crawls have them."""

from collections.abc import Iterable

COLUMNS = (
    "title", "description", "author", "categories", "tools", "starters", "created", "conversations", "rating",
    "ratings", "language",
)  # fmt: skip
SAID = {
    "title": "names",
    "description": "descriptions",
    "author": "authors",
    "categories": "categories",
    "tools": "tools",
    "starters": "conversation starters",
    "created": "dates",
    "conversations": "conversation counts",
    "rating": "ratings",
    "ratings": "numbers of ratings",
    "language": "languages",
}
"""What each holds, in words."""
NAMES = {
    "title": ("title", "name", "gpt_name", "display_name", "display.name"),
    "description": ("description", "desc", "display_description", "display.description", "about"),
    "author": ("author", "author_name", "creator", "builder", "author_display_name", "author.display_name"),
    "categories": ("categories", "category", "display_categories", "display.categories", "tags"),
    "tools": ("tools", "capabilities", "tool_types"),
    "starters": ("starters", "prompt_starters", "conversation_starters", "display_prompt_starters"),
    "created": ("created", "created_at", "date", "created_date", "create_time", "publish_date", "first_seen"),
    "conversations": (
        "conversations", "num_conversations", "conversation_count", "conversation_counts", "chats",
        "num_conversations_str", "vanity_metrics_num_conversations",
    ),
    "rating": ("rating", "avg_rating", "average_rating", "stars", "review_stats_avg"),
    "ratings": ("ratings", "num_ratings", "rating_count", "reviews", "num_reviews", "review_stats_total"),
    "language": ("language", "lang"),
}  # fmt: skip


def matched(names: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """Our columns with the names they have in a table, and the names that are none of ours."""
    left = {_plain(name): name for name in names}
    known = {}
    for column, aliases in NAMES.items():
        found = next((alias for alias in aliases if _plain(alias) in left), None)
        if found:
            known[column] = left.pop(_plain(found))
    return known, list(left.values())


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_").replace(".", "_").lstrip("\ufeff")
