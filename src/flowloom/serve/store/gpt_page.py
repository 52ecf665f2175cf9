"""The page of a GPT in the store: what it is for, what it can do, where data can go, and what people think."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from flowloom.earning.words import price_in
from flowloom.flow.model import Flow
from flowloom.gallery.abilities import ABILITIES
from flowloom.gallery.catalogue import Entry, Shelf
from flowloom.gallery.moderation import KINDS, LONGEST
from flowloom.gallery.opinions import LONGEST_REASON, STARS
from flowloom.locales import LANGUAGES
from flowloom.serve.page.refusals import language_of
from flowloom.serve.page.texts import texts_in
from flowloom.serve.store.look import address, home, label_of, page, stars
from flowloom.serve.team.look import Words
from flowloom.store.publications import PublishedVersion
from flowloom.store.real_use import Rating

VERSIONS = 10


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says. `hosts` are other computers that data can go to; `changes` are told by version.

    `proof` is how the builder is verified, as HTML.
    """

    entry: Entry
    flow: Flow
    builder: str
    builder_address: str
    proof: str
    effects: Sequence[str]
    hosts: Sequence[str]
    ratings: Sequence[Rating]
    versions: Sequence[PublishedVersion]
    changes: dict[int, list[str]]
    may_rate: bool
    may_duplicate: bool
    is_admin: bool


def gpt_page(request: Request, told: Told) -> Response:
    t = Words(language_of(request))
    left = _face(request, told, t) + _about(told, t) + _drawing(told, t) + _ratings(told, t) + _versions(told, t)
    right = _can_do(told, t) + _facts(request, told, t) + _report(told, t)
    body = f'<div class="two"><div class="card">{left}</div><aside>{right}</aside></div>'
    return page(request, told.entry.name, body)


def _face(request: Request, told: Told, t: Words) -> str:
    entry = told.entry
    badges = f' <span class="badge">{t("from {age}", age=entry.from_age)}</span>' if entry.from_age else ""
    badges += f' <span class="badge">{t("Featured")}</span>' if entry.featured else ""
    return (
        f'<div class="face"><img src="/gpt/{quote(entry.slug)}/icon" alt="" width="84" height="84">'
        f"<div><h1>{escape(entry.name) or t('Untitled GPT')}</h1>"
        f'<p class="soft">{_by(told, t)} {stars(entry, t)}{badges}</p></div></div>'
        f'{_price(entry, t)}<div class="actions">{_buy(entry, t)}'
        f'<a class="button{"" if entry.price else " lead"}" href="/gpt/{quote(entry.slug)}">{t("Chat now")}</a>'
        f"{_duplicate(told, t)}{_copy(told, t)}{_feature(told, t)}</div>"
    )


def _price(entry: Entry, t: Words) -> str:
    return f'<p class="price">{escape(price_in(entry.price, t.language))}</p>' if entry.price else ""


def _buy(entry: Entry, t: Words) -> str:
    return f'<a class="button lead" href="{address(entry)}/buy">{t("Buy")}</a>' if entry.price else ""


def _by(told: Told, t: Words) -> str:
    if not told.builder:
        return ""
    name = escape(told.builder)
    link = f'<a href="{told.builder_address}">{name}</a>' if told.builder_address else name
    proof = f' <span class="badge">✓ {told.proof}</span>' if told.proof else ""
    return f"{t('By')} {link}{proof}"


def _duplicate(told: Told, t: Words) -> str:
    if not (told.entry.may_copy and told.may_duplicate):
        return ""
    return sent(f"{address(told.entry)}/duplicate", f"<button>{t('Duplicate')}</button>", t)


def _copy(told: Told, t: Words) -> str:
    if not told.entry.may_copy or told.may_duplicate:
        return ""
    return f'<a class="button" href="/gpt/{quote(told.entry.slug)}/copy">{t("Download a copy")}</a>'


def _feature(told: Told, t: Words) -> str:
    if not told.is_admin:
        return ""
    label, to = (t("Stop featuring"), "0") if told.entry.featured else (t("Feature it"), "1")
    inside = f'<input type="hidden" name="yes" value="{to}"><button>{label}</button>'
    return sent(f"{address(told.entry)}/featured", inside, t)


def sent(action: str, inside: str, t: Words, visitor_of: str = "") -> str:
    """A form that the script sends, and says below what came of it; HTML.

    With the name of a GPT in `visitor_of`, the browser becomes a visitor of it where it is none yet.
    """
    failed = t("Flowloom can’t be reached. Try again in a moment.")
    visitor = f' data-visitor="/gpt/{quote(visitor_of)}/visitor"' if visitor_of else ""
    return (
        f'<form method="post" action="{action}" data-sent data-failed="{failed}"{visitor}>{inside}'
        '<p role="status" class="soft"></p></form>'
    )


def _about(told: Told, t: Words) -> str:
    text = "".join(f"<p>{escape(line)}</p>" for line in told.entry.description.splitlines() if line.strip())
    starters = "".join(f"<li>{escape(each)}</li>" for each in told.entry.starters)
    if starters:
        text += f'<h2>{t("You can ask")}</h2><ul class="plain">{starters}</ul>'
    return text


def _drawing(told: Told, t: Words) -> str:
    """How it is made, where its builder shows that."""
    if not told.entry.may_copy:
        return f'<h2>{t("How it is made")}</h2><p class="soft">{t("Its builder doesn’t show this.")}</p>'
    source = f"{address(told.entry)}/drawing"
    alt = t("Drawing of the blocks and connections of this GPT")
    return f'<h2>{t("How it is made")}</h2><div class="drawing"><img src="{source}" alt="{alt}"></div>'


def _can_do(told: Told, t: Words) -> str:
    rows = "".join(f"<li>{t(ABILITIES[effect])}</li>" for effect in told.effects)
    rows = rows or f"<li>{t('Answers from what you write, and does nothing else')}</li>"
    return (
        f'<div class="card"><h2>{t("What it can do")}</h2><ul class="plain">{rows}</ul>'
        f"<h2>{t('Where data can go')}</h2><p>{escape(where(told.hosts, t.language))}</p></div>"
    )


def where(hosts: Sequence[str], language: str) -> str:
    """The sentence of the chat page about where data can go."""
    texts = texts_in(language)
    return texts["data_hosts"].replace("{hosts}", ", ".join(hosts)) if hosts else texts["data_nowhere"]


def _facts(request: Request, told: Told, t: Words) -> str:
    entry, figures = told.entry, told.entry.figures
    shelf = f'<a href="{home(request, Shelf(entry.category))}">{label_of(entry.category, t)}</a>'
    rows = [
        (t("Category"), shelf),
        (t("Language"), LANGUAGES[entry.language]),
        (t("Age"), t("from {age}", age=entry.from_age) if entry.from_age else t("Everybody")),
        (t("Version"), str(entry.version)),
        (t("Conversations"), str(figures.conversations)),
        (t("People"), str(figures.people)),
    ]
    if figures.return_rate is not None:
        rows.append((t("Came back"), f"{figures.return_rate:.0%}"))
    body = "".join(f"<dt>{name}</dt><dd>{said}</dd>" for name, said in rows)
    return f'<div class="card"><dl class="facts">{body}</dl></div>'


def _ratings(told: Told, t: Words) -> str:
    rows = "".join(
        f'<p><span class="stars" aria-label="{t("{stars} of 5 stars", stars=each.stars)}">'
        f'{"★" * each.stars}{"☆" * (5 - each.stars)}</span> <span class="soft">{_day(each.at)}</span>'
        f"<br>{escape(each.reason)}</p>"
        for each in told.ratings
    )
    rows = rows or f'<p class="soft">{t("Nobody has rated it yet.")}</p>'
    return f"<h2>{t('Ratings')}</h2>{rows}{_rating_form(told, t) if told.may_rate else ''}"


def _rating_form(told: Told, t: Words) -> str:
    choices = "".join(
        f'<label><input type="radio" name="stars" value="{each}" required>{each} ★</label>' for each in STARS
    )
    inside = (
        f'<fieldset><legend class="soft">{t("Stars")}</legend><div class="rate">{choices}</div></fieldset>'
        f'<label for="reason">{t("Why?")}<small>{t("Others can read it. You can leave it empty.")}</small></label>'
        f'<textarea id="reason" name="reason" rows="2" maxlength="{LONGEST_REASON}"></textarea>'
        f"<p></p><button>{t('Rate it')}</button>"
    )
    form = sent(f"{address(told.entry)}/rating", inside, t)
    return f"<details><summary>{t('Rate this GPT')}</summary>{form}</details>"


def _versions(told: Told, t: Words) -> str:
    rows = "".join(_version(told, each, t) for each in told.versions[:VERSIONS])
    return f'<h2>{t("Versions")}</h2><ul class="plain">{rows}</ul>'


def _version(told: Told, version: PublishedVersion, t: Words) -> str:
    said = "; ".join(told.changes.get(version.number, []))
    note = " – ".join(escape(each) for each in (version.note, said) if each)
    name = t("Version {number}", number=version.number)
    more = f": {note}" if note else ""
    return f'<li><strong>{name}</strong> <span class="soft">{_day(version.at)}</span>{more}</li>'


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")


def _report(told: Told, t: Words) -> str:
    kinds = "".join(f'<option value="{kind}">{t(label)}</option>' for kind, label in KINDS.items())
    inside = (
        f'<label for="kind">{t("What is wrong?")}</label><select id="kind" name="kind">{kinds}</select>'
        f'<label for="text">{t("Tell more")}<small>{t("Whoever looks after the store reads it.")}</small></label>'
        f'<textarea id="text" name="text" rows="3" maxlength="{LONGEST}"></textarea>'
        f"<p></p><button>{t('Send report')}</button>"
    )
    form = sent(f"{address(told.entry)}/report", inside, t)
    return f'<div class="card"><details><summary>{t("Report this GPT")}</summary>{form}</details></div>'
