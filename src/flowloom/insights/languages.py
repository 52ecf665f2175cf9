"""In which language a text is, told by its letters, and where several share them by their little words.

As SQL, so that hundreds of thousands of texts take seconds.
"""

SCRIPTS = (
    ("ja", r"[\p{Hiragana}\p{Katakana}]"),
    ("ko", r"\p{Hangul}"),
    ("zh", r"\p{Han}"),
    ("ru", r"\p{Cyrillic}"),
    ("ar", r"\p{Arabic}"),
    ("he", r"\p{Hebrew}"),
    ("hi", r"\p{Devanagari}"),
    ("th", r"\p{Thai}"),
    ("el", r"\p{Greek}"),
)
WORDS = {
    "en": "the and of to for your you with in is that an",
    "fr": "le les des une et pour vous votre avec dans est aux",
    "es": "el los las una y para tu con es del por como",
    "de": "der die das und für mit eine ist zu den dein auf",
    "pt": "os uma e para você com em do da seu ao não",
    "it": "il gli una per tuo con che del di è più alla",
}
LONGEST = 400
"""Characters that tell it."""
UNKNOWN = "unknown"
LEAST = 2
"""Letters of a script side by side, or little words, without which nothing is said."""


def languages_sql(source: str) -> str:
    """A query for `id` and `language` of the rows of a table with `id`, `title` and `description`."""
    scripts = " ".join(
        f"WHEN regexp_matches(said, '{letters}{{{LEAST}}}') THEN '{name}'" for name, letters in SCRIPTS
    )
    votes = ", ".join(f"{_votes(said)} AS {name}_votes" for name, said in WORDS.items())
    most = ", ".join(f"{name}_votes" for name in WORDS)
    spoken = " ".join(f"WHEN most = {name}_votes THEN '{name}'" for name in WORDS)
    return (
        f"WITH texts AS (SELECT id, ' ' || substr(lower(concat_ws(' ', description, title)), 1, {LONGEST}) "
        f"|| ' ' AS said FROM {source}), "
        f"voted AS (SELECT id, said, {votes} FROM texts), "
        f"counted AS (SELECT *, greatest({most}) AS most FROM voted) "
        # Most texts are plain letters, of which none of these scripts has any.
        f"SELECT id, coalesce(CASE WHEN strlen(said) > length(said) THEN CASE {scripts} END END, "
        f"CASE WHEN most < {LEAST} THEN NULL {spoken} END, '{UNKNOWN}') AS language FROM counted"
    )


def _votes(said: str) -> str:
    """How many of the words are in a text."""
    return " + ".join(f"contains(said, ' {word} ')::INT" for word in said.split())
