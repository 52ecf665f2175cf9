"""The front of the store: what is featured, what is trending, the leaderboards, and what a search finds."""

from collections.abc import Callable, Iterable, Sequence
from html import escape

from starlette.requests import Request
from starlette.responses import Response

from flowloom.gallery.catalogue import Catalogue, Entry, Shelf
from flowloom.gallery.ranking import BEFORE, RECENT, WINDOW
from flowloom.locales import LANGUAGES
from flowloom.serve.page.refusals import language_of
from flowloom.serve.store.elsewhere import Offer, cards
from flowloom.serve.store.look import address, card, home, label_of, page, stars
from flowloom.serve.team.look import Words

IN_FRONT, RANKED, TOP = 6, 50, 12
"""GPTs of each part of the front, of a leaderboard of one shelf, and of that of all."""
LONGEST_SEARCH = 200

Builder = Callable[[Entry], str]
"""The name of whoever made a GPT."""


def shelf_of(request: Request) -> Shelf:
    """Which part of the store is asked for."""
    language = request.query_params.get("language", "")
    return Shelf(request.query_params.get("category", "")[:60], language if language in LANGUAGES else "")


def front(
    request: Request, catalogue: Catalogue, builder: Builder, offers: Callable[[], Iterable[Offer]] = tuple
) -> Response:
    """The front page, a shelf of it, or what a search finds there."""
    t, shelf = Words(language_of(request)), shelf_of(request)
    wanted = request.query_params.get("q", "").strip()[:LONGEST_SEARCH]
    body = _chips(request, catalogue, shelf, t)
    if wanted:
        body += _found(request, catalogue, shelf, wanted, builder, t)
    elif shelf.category:
        body += f"<h1>{label_of(shelf.category, t)}</h1>{_board(request, catalogue, shelf, builder, t)}"
    else:
        body += _everything(request, catalogue, shelf, builder, t)
    body += cards(request, offers(), shelf, wanted, t)
    title = f"{wanted} · {t('Store')}" if wanted else t("Store")
    return page(request, title, body, search=wanted)


def _chips(request: Request, catalogue: Catalogue, shelf: Shelf, t: Words) -> str:
    def chip(label: str, to: Shelf) -> str:
        current = ' aria-current="page"' if to == shelf else ""
        return f'<li><a href="{home(request, to)}"{current}>{label}</a></li>'

    shelves = [chip(t("All"), Shelf("", shelf.language))]
    shelves += [
        chip(f"{label_of(category, t)} <small>{count}</small>", Shelf(category, shelf.language))
        for category, count in catalogue.shelves()
        if category
    ]
    told = f'<nav aria-label="{t("Categories")}"><ul class="chips">{"".join(shelves)}</ul></nav>'
    spoken = catalogue.languages()
    if len(spoken) < 2:
        return told
    languages = [chip(t("All languages"), Shelf(shelf.category, ""))]
    languages += [chip(LANGUAGES[each], Shelf(shelf.category, each)) for each in spoken]
    return f'{told}<nav aria-label="{t("Languages")}"><ul class="chips">{"".join(languages)}</ul></nav>'


def _everything(request: Request, catalogue: Catalogue, shelf: Shelf, builder: Builder, t: Words) -> str:
    if not catalogue.entries():
        return (
            f'<div class="card"><h1>{t("The store is empty")}</h1><p class="soft">'
            f"{t('Publish a GPT and choose “The store” under “Who may use it”. It then stands here.')}</p></div>"
        )
    parts = (
        ("Featured", catalogue.featured(shelf, IN_FRONT)),
        ("Trending", catalogue.trending(shelf, IN_FRONT)),
        ("Most used", catalogue.ranked(shelf, TOP)),
    )
    told = [f"<h1>{t('GPTs for everyone')}</h1>"]
    told += [f"<h2>{t(title)}</h2>{grid(request, found, builder, t)}" for title, found in parts if found]
    return "".join(told) + _formula(t)


def grid(request: Request, entries: Sequence[Entry], builder: Builder, t: Words) -> str:
    """Cards; HTML."""
    return f'<ul class="gpts">{"".join(card(each, request, builder(each), t) for each in entries)}</ul>'


def _found(request: Request, catalogue: Catalogue, shelf: Shelf, wanted: str, builder: Builder, t: Words) -> str:
    said, near = catalogue.search(wanted, shelf)
    told = f"<h1>{t('Results for “{words}”', words=wanted)}</h1>"
    if said:
        told += grid(request, said, builder, t)
    if near:
        told += f"<h2>{t('Similar in meaning')}</h2>{grid(request, near, builder, t)}"
    return told if said or near else f'{told}<p class="soft">{t("Nothing found. Try other words.")}</p>'


def _board(request: Request, catalogue: Catalogue, shelf: Shelf, builder: Builder, t: Words) -> str:
    """The leaderboard of a shelf, with the figures it follows from."""
    rows = "".join(
        _row(number, entry, request, builder, t) for number, entry in enumerate(catalogue.ranked(shelf, RANKED), 1)
    )
    if not rows:
        return f'<p class="soft">{t("There is nothing here yet.")}</p>'
    heads = "".join(
        f'<th scope="col" class="{look}">{t(label)}</th>'
        for label, look in (
            ("#", "n"), ("Name", ""), ("Builder", ""), ("Conversations", "n"), ("People", "n"), ("Came back", "n"),
            ("Rating", "n"), ("Score", "n"),
        )
    )  # fmt: skip
    return f'<div class="scroll"><table><tr>{heads}</tr>{rows}</table></div>{_formula(t)}'


def _row(number: int, entry: Entry, request: Request, builder: Builder, t: Words) -> str:
    figures = entry.figures
    back = "–" if figures.return_rate is None else f"{figures.return_rate:.0%}"
    cells = [figures.conversations, figures.people, back, stars(entry, t) or "–", f"{figures.score:.2f}"]
    link = f'<a href="{home(request, path=address(entry))}">{escape(entry.name) or t("Untitled GPT")}</a>'
    told = "".join(f'<td class="n">{cell}</td>' for cell in cells)
    return f'<tr><td class="n">{number}</td><td>{link}</td><td>{escape(builder(entry))}</td>{told}</tr>'


def _formula(t: Words) -> str:
    """How the order comes about."""
    counts = t(
        "Conversations are counted over the last {days} days. One person counts once a day, and builders never "
        "count for their own GPTs.",
        days=WINDOW,
    )
    score = t("score = log₂(1 + conversations) × (1 + came back + good ratings)")
    shares = t(
        "“Came back” is the share of people who used it on more than one day, “good ratings” the share with four "
        "or five stars. Of each share the lower end of its 95 % Wilson interval is taken, so that few people "
        "prove little."
    )
    trend = t(
        "Trending: the use of the last {recent} days is compared with the {before} days before, in the same way.",
        recent=RECENT,
        before=BEFORE,
    )
    return (
        f"<details><summary>{t('How this order is made')}</summary><p>{counts}</p><p><code>{score}</code></p>"
        f"<p>{shares}</p><p>{trend}</p></details>"
    )
