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
    """A query for `id` and `language` of the rows of a table with `id`, `title` and `description`.

    Each word of a text is looked up once, and what was found is kept as one bit a word.
    """
    little = sorted({word for said in WORDS.values() for word in said.split()})
    listed = ", ".join(f"('{word}', {_bits(at)})" for at, word in enumerate(little))
    votes = ", ".join(f"bit_count(bits & {_mask(said, little)}) AS {name}_votes" for name, said in WORDS.items())
    most = ", ".join(f"{name}_votes" for name in WORDS)
    spoken = " ".join(f"WHEN most = {name}_votes THEN '{name}'" for name in WORDS)
    scripts = " ".join(
        f"WHEN regexp_matches(said, '{letters}{{{LEAST}}}') THEN '{name}'" for name, letters in SCRIPTS
    )
    return (
        f"WITH little(word, bit) AS (VALUES {listed}), "
        f"texts AS (SELECT id, substr(lower(concat_ws(' ', description, title)), 1, {LONGEST}) AS said "
        f"FROM {source}), "
        "words AS (SELECT id, unnest(string_split(said, ' ')) AS word FROM texts), "
        "found AS (SELECT id, bit_or(bit) AS bits FROM words JOIN little USING (word) GROUP BY id), "
        f"voted AS (SELECT t.id, said, {votes} FROM texts t LEFT JOIN found f ON f.id = t.id), "
        f"counted AS (SELECT *, coalesce(greatest({most}), 0) AS most FROM voted) "
        # Most texts are plain letters, of which none of these scripts has any.
        f"SELECT id, coalesce(CASE WHEN strlen(said) > length(said) THEN CASE {scripts} END END, "
        f"CASE WHEN most < {LEAST} THEN NULL {spoken} END, '{UNKNOWN}') AS language FROM counted"
    )


def _mask(said: str, little: list[str]) -> str:
    """The bits of the words of one language."""
    return _bits(*(little.index(word) for word in said.split()))


def _bits(*places: int) -> str:
    return f"{sum(1 << place for place in places)}::HUGEINT"
