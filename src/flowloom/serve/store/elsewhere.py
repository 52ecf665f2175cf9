"""GPTs of other stores, as this one shows them: what they say of themselves, and where they come from."""

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from flowloom.exchange.feed import Item
from flowloom.exchange.signing import Signed
from flowloom.gallery.catalogue import Shelf
from flowloom.gallery.subscriptions import feed_of
from flowloom.locales import LANGUAGES
from flowloom.serve.page.refusals import language_of
from flowloom.serve.store.look import home, label_of, page
from flowloom.serve.team.look import Words
from flowloom.store.feeds import Subscribed

Offer = tuple[Subscribed, Item]
IN_FRONT = 12


def cards(request: Request, offers: Iterable[Offer], shelf: Shelf, wanted: str, t: Words) -> str:
    """Those of a shelf that say what is searched for; HTML, "" where there are none."""
    found = [each for each in offers if _fits(each[1], shelf, wanted)][:IN_FRONT]
    if not found:
        return ""
    inside = "".join(_card(request, feed, item, t) for feed, item in found)
    return f'<h2>{t("From other stores")}</h2><ul class="gpts">{inside}</ul>'


def _fits(item: Item, shelf: Shelf, wanted: str) -> bool:
    if shelf.category not in ("", *item.categories) or shelf.language not in ("", item.language):
        return False
    text = f"{item.name} {item.description} {item.builder}".casefold()
    return all(word in text for word in wanted.casefold().split())


def _card(request: Request, feed: Subscribed, item: Item, t: Words) -> str:
    facts = f"{escape(item.builder)} · {escape(origin_of(feed))}"
    return (
        f'<li><a class="card" href="{home(request, path=f"/store/from/{feed.id}/{quote(item.slug)}")}">'
        f'<span class="head"><strong>{escape(item.name) or t("Untitled GPT")}</strong></span>'
        f'<p>{escape(item.description[:300])}</p><span class="soft">{facts}</span></a></li>'
    )


def origin_of(feed: Subscribed) -> str:
    """The host that a store stands at."""
    return urlsplit(feed.address).netloc


def elsewhere_page(request: Request, feed: Subscribed, item: Item, may_get: bool) -> Response:
    """A GPT of another store; `may_get` for whoever may take it in here."""
    t = Words(language_of(request))
    get = f'<a class="button lead" href="/?get={feed.id}/{quote(item.slug)}">{t("Get it")}</a>' if may_get else ""
    said = "".join(f"<p>{escape(line)}</p>" for line in item.description.splitlines() if line.strip())
    left = (
        f'<div class="face"><div><h1>{escape(item.name) or t("Untitled GPT")}</h1>'
        f'<p class="soft">{t("By")} {escape(item.builder)}</p></div></div><div class="actions">{get}</div>{said}'
        f'<p class="soft">{t("You see what is in it before anything is kept. Nothing was checked here.")}</p>'
    )
    body = f'<div class="two"><div class="card">{left}</div><aside>{_facts(feed, item, t)}</aside></div>'
    return page(request, item.name, body)


def _facts(feed: Subscribed, item: Item, t: Words) -> str:
    shelves: Sequence[str] = [label_of(each, t) for each in item.categories]
    rows = [
        (t("Comes from"), f"{escape(feed_of(feed).name)}<br>{escape(origin_of(feed))}"),
        (t("Category"), ", ".join(shelves)),
        (t("Language"), escape(LANGUAGES.get(item.language, item.language))),
        (t("Version"), str(item.version)),
        (t("Size"), f"{max(1, item.size // 1000):,} kB"),
        (t("Key of the store"), escape(Signed(feed.key).fingerprint)),
    ]
    body = "".join(f"<dt>{name}</dt><dd>{said}</dd>" for name, said in rows if said)
    return f'<div class="card"><dl class="facts">{body}</dl></div>'
