"""What can be asked of a table of GPTs: each a table of its own, with how it was computed."""

from collections.abc import Callable
from dataclasses import dataclass

from flowloom.insights import likeness
from flowloom.insights.answer import Answer
from flowloom.insights.selection import Selection
from flowloom.insights.table import Table


@dataclass(frozen=True, slots=True)
class Question:
    """`needs` are the columns without which it says nothing; `mark` is how it is drawn."""

    id: str
    title: str
    explained: str
    needs: tuple[str, ...]
    mark: str
    ask: Callable[[Table, Selection], Answer]


def categories(table: Table, chosen: Selection) -> Answer:
    condition, values = chosen.sql()
    rows = table.ask(
        "SELECT category, count(*) AS n, count(*) / sum(count(*)) OVER (), "
        "sum(sum((len(categories) = 0)::INT)) OVER () / sum(count(*)) OVER (), "
        "sum(sum((len(categories) > 1)::INT)) OVER () / sum(count(*)) OVER () "
        f"FROM gpts WHERE {condition} GROUP BY 1 ORDER BY n DESC, 1 LIMIT 30",
        values,
    )
    none, several = rows[0][3:] if rows else (0.0, 0.0)
    figures = {"Without a category": none, "With several categories": several}
    return Answer(("Category", "GPTs", "Share"), [row[:3] for row in rows], figures)


def languages(table: Table, chosen: Selection) -> Answer:
    condition, values = chosen.sql()
    rows = table.ask(
        "SELECT language, count(*) AS n, count(*) / sum(count(*)) OVER () FROM gpts "
        f"WHERE {condition} GROUP BY 1 ORDER BY n DESC, 1 LIMIT 30",
        values,
    )
    return Answer(("Language", "GPTs", "Share"), rows)


def growth(table: Table, chosen: Selection) -> Answer:
    condition, values = chosen.sql()
    rows = table.ask(
        "SELECT date_trunc('month', created)::DATE AS month, count(*) AS n, "
        f"sum(count(*)) OVER (ORDER BY month)::BIGINT FROM gpts WHERE {condition} AND created IS NOT NULL "
        "GROUP BY 1 ORDER BY 1",
        values,
    )
    return Answer(("Month", "New GPTs", "GPTs"), rows)


def tools(table: Table, chosen: Selection) -> Answer:
    condition, values = chosen.sql()
    rows = table.ask(
        f"WITH chosen AS (SELECT tools FROM gpts WHERE {condition}) "
        "SELECT tool, count(*) AS n, count(*) / (SELECT count(*) FROM chosen) "
        "FROM (SELECT unnest(tools) AS tool FROM chosen) GROUP BY 1 ORDER BY n DESC, 1 LIMIT 30",
        values,
    )
    return Answer(("Tool", "GPTs", "Share"), rows)


def authors(table: Table, chosen: Selection) -> Answer:
    condition, values = chosen.sql()
    rows = table.ask(
        "WITH each AS (SELECT author, count(*) AS n FROM gpts "
        f"WHERE {condition} AND author IS NOT NULL GROUP BY 1) "
        "SELECT CASE WHEN n = 1 THEN '1' WHEN n = 2 THEN '2' WHEN n <= 5 THEN '3–5' WHEN n <= 10 THEN '6–10' "
        "WHEN n <= 50 THEN '11–50' ELSE '> 50' END AS size, count(*), "
        "count(*) / sum(count(*)) OVER (), sum(n)::BIGINT FROM each GROUP BY 1 ORDER BY min(n)",
        values,
    )
    every = sum(row[1] for row in rows)
    one = sum(row[1] for row in rows if row[0] == "1")
    return Answer(("GPTs of one author", "Authors", "Share", "GPTs"), rows, {"With one GPT": one / max(1, every)})


def lorenz(table: Table, chosen: Selection) -> Answer:
    """A hundred points of the curve. GPTs of the same use are counted together, as there are many of them."""
    condition, values = chosen.sql()
    rows = table.ask(
        "WITH counted AS (SELECT conversations::DOUBLE AS c, count(*) AS n FROM gpts "
        f"WHERE {condition} AND conversations >= 0 GROUP BY 1), "
        # The GPTs that are used less, and what is used by them.
        "ranked AS (SELECT c, n, sum(n) OVER up - n AS below, sum(n * c) OVER up - n * c AS used FROM counted "
        "WINDOW up AS (ORDER BY c ROWS UNBOUNDED PRECEDING)), "
        "whole AS (SELECT sum(n) AS n, sum(n * c) AS total, sum(c * n * (below + (n + 1) / 2)) AS weighed "
        "FROM ranked), "
        "steps AS (SELECT step, floor(n * step / 100) AS i, n, total, weighed FROM whole, range(1, 101) AS s(step) "
        "WHERE total > 0) "
        "SELECT step / 100, (used + (i - below) * c) / total, weighed, total, s.n "
        "FROM steps s ASOF JOIN ranked r ON s.i > r.below "
        # Of few GPTs, some hundredths have none.
        "WHERE s.i > floor(s.n * (step - 1) / 100) ORDER BY step",
        values,
    )
    if not rows:
        return Answer(("GPTs", "Conversations"), [])
    weighed, total, count = rows[0][2:]
    gini = (2 * weighed / total - float(count) - 1) / float(count)
    curve = [(0.0, 0.0), *((float(part), float(share)) for part, share, *_ in rows)]
    return Answer(("GPTs", "Conversations"), curve, {"Gini": gini})


def zipf(table: Table, chosen: Selection) -> Answer:
    """Ranks against use, both as logarithms, by least squares over what is used at least ten times."""
    condition, values = chosen.sql()
    ranked = (
        "WITH ranked AS (SELECT conversations AS c, row_number() OVER (ORDER BY conversations DESC, id) AS r "
        f"FROM gpts WHERE {condition} AND conversations >= 10)"
    )
    (slope, start, fits, count, spread, error) = table.ask(
        f"{ranked} SELECT regr_slope(log10(c), log10(r)), regr_intercept(log10(c), log10(r)), "
        "regr_r2(log10(c), log10(r)), count(*), regr_sxx(log10(c), log10(r)), regr_syy(log10(c), log10(r)) "
        "FROM ranked",
        values,
    )[0]
    if count < 3 or not spread:
        return Answer(("Rank", "Conversations", "Fitted"), [])
    left_over = max(0.0, error * (1 - (fits or 0.0)))
    rows = table.ask(
        f"{ranked} SELECT min(r), avg(c), 10 ** (? + ? * log10(min(r))) FROM ranked "
        "GROUP BY floor(log10(r) * 20) ORDER BY 1",
        [*values, start, slope],
    )
    figures = {"Exponent": -slope, "± (standard error)": (left_over / (count - 2) / spread) ** 0.5, "R²": fits}
    return Answer(("Rank", "Conversations", "Fitted"), rows, figures)


LINKS = "list_distinct(regexp_extract_all(lower(description), 'https?://(?:www\\.)?([^/\\s?#)\\]\"'']+)', 1))"
PAID = (
    "patreon.com", "gumroad.com", "buymeacoffee.com", "ko-fi.com", "paypal.me", "paypal.com", "stripe.com",
    "buy.stripe.com", "lemonsqueezy.com", "opencollective.com", "afdian.net", "liberapay.com", "substack.com",
)  # fmt: skip


def links(table: Table, chosen: Selection) -> Answer:
    condition, values = chosen.sql()
    paid = ", ".join(f"'{site}'" for site in PAID)
    named = f"(SELECT {LINKS} AS sites FROM gpts WHERE {condition} AND contains(description, '://'))"
    rows = table.ask(
        f"SELECT site, count(*) AS n, site IN ({paid}) FROM (SELECT unnest(sites) AS site FROM {named}) "
        "GROUP BY 1 ORDER BY n DESC, 1 LIMIT 30",
        values,
    )
    (linked,) = table.ask(f"SELECT count(*) FROM {named} WHERE len(sites) > 0", values)[0]
    (every,) = table.ask(f"SELECT count(*) FROM gpts WHERE {condition}", values)[0]
    return Answer(("Website", "GPTs", "Takes money"), rows, {"With a link": linked / max(1, every)})


def ratings(table: Table, chosen: Selection) -> Answer:
    condition, values = chosen.sql()
    rated = f"FROM gpts WHERE {condition} AND rating IS NOT NULL AND conversations > 0"
    rows = table.ask(
        f"SELECT 10 ** (floor(log10(conversations) * 2) / 2) AS use, avg(rating), count(*) {rated} "
        "GROUP BY 1 ORDER BY 1",
        values,
    )
    (together,) = table.ask(f"SELECT corr(log10(conversations), rating) {rated}", values)[0]
    figures = {"Correlation": together} if together is not None and together == together else {}
    return Answer(("Conversations from", "Mean rating", "GPTs"), rows, figures)


QUESTIONS = (
    Question(
        "categories",
        "Categories",
        "The first category of each GPT; “–” has none.",
        ("categories",),
        "bar",
        categories,
    ),
    Question(
        "languages",
        "Languages",
        "Told by the letters of name and description, and by little words where several languages share letters.",
        ("title",),
        "bar",
        languages,
    ),
    Question("growth", "Growth", "GPTs by the month they were made.", ("created",), "line", growth),
    Question(
        "tools", "Tools", "Which share of GPTs has each tool; one can have several.", ("tools",), "bar", tools
    ),
    Question("authors", "Authors", "How many authors made how many GPTs.", ("author",), "bar", authors),
    Question(
        "lorenz",
        "Concentration",
        "GPTs by use, the least used first: which share of all conversations the lower part has (Lorenz curve). "
        "The Gini coefficient is 0 where all are used alike and near 1 where a few have everything.",
        ("conversations",),
        "curve",
        lorenz,
    ),
    Question(
        "zipf",
        "Rank and use",
        "Conversations against rank, both as logarithms, with a straight line by least squares over what is used "
        "at least ten times. The slope is the exponent of Zipf’s law; its standard error takes the points as "
        "independent.",
        ("conversations",),
        "log",
        zipf,
    ),
    Question(
        "families",
        "Families of copies",
        "Descriptions that share most runs of three words: candidates by MinHash (eight hashes in four bands), "
        "kept where seven tenths of their runs are the same.",
        ("description",),
        "bar",
        likeness.families,
    ),
    Question(
        "impersonation",
        "Possible impersonation",
        "GPTs of another author whose name, without case, spaces, signs and look-alike letters, is that of one "
        "used at least ten times as much. A person has to look at each.",
        ("title", "author", "conversations"),
        "table",
        likeness.impersonation,
    ),
    Question("links", "Links to elsewhere", "Websites named in descriptions.", ("description",), "bar", links),
    Question(
        "ratings",
        "Ratings and use",
        "The mean rating by how much GPTs are used, and Pearson’s correlation with the logarithm of use.",
        ("rating", "conversations"),
        "points",
        ratings,
    ),
)
