"""How the store looks: a bar with the search, cards in a grid, light or dark as the browser is."""

from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from flowloom.earning.words import price_in
from flowloom.errors import Problem
from flowloom.gallery.catalogue import Entry, Shelf
from flowloom.gallery.categories import CATEGORIES, OTHER
from flowloom.locales import LANGUAGES
from flowloom.serve.doors import is_owner, is_team, person_of
from flowloom.serve.page.refusals import language_of
from flowloom.serve.team.look import HEADERS, MARK, STYLE, Words

SCRIPT = "store.js"
ICON = "data:image/svg+xml," + quote(MARK.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
MORE_STYLE = """
body{padding:1.25rem 1rem 3rem}
main.store{max-width:72rem}
.top{display:flex;gap:.75rem 1rem;align-items:center;flex-wrap:wrap;margin:0 0 1.25rem}
.top .home{display:flex;gap:.6rem;align-items:center;color:inherit;text-decoration:none;font-weight:700;
font-size:1.15rem}
.top .mark{width:34px;height:34px;margin:0}
.top form{flex:1 1 16rem;display:flex;gap:.5rem;max-width:36rem;margin:0 auto}
.top form input{min-height:2.6rem;padding:.4rem .8rem;background:var(--card)}
.top form button,.top .button{white-space:nowrap;min-height:2.6rem;padding:.4rem .9rem}
.chips{display:flex;gap:.45rem;flex-wrap:wrap;margin:0 0 1rem;padding:0;list-style:none}
.chips a{display:inline-block;padding:.3rem .8rem;border:1px solid var(--line);border-radius:99px;color:inherit;
text-decoration:none;font-size:.92rem;background:var(--card)}
.chips a[aria-current]{background:var(--main);border-color:var(--main);color:#fff}
.chips a:hover{border-color:var(--main)}
h2{font-size:1.2rem;margin:1.75rem 0 .8rem;letter-spacing:-.01em}
a{color:var(--link)}
:root{--link:#4038c9}
@media (prefers-color-scheme:dark){:root{--link:#b4b0ff}}
.gpts .card{padding:1.1rem;border-radius:14px;box-shadow:none;display:flex;flex-direction:column;gap:.45rem}
.gpts .head{display:flex;gap:.75rem;align-items:center}
.gpts img{width:44px;height:44px;margin:0}
.gpts strong{overflow-wrap:anywhere}
.gpts p{margin:0;font-size:.94rem;display:-webkit-box;-webkit-line-clamp:3;
-webkit-box-orient:vertical;overflow:hidden}
.gpts .soft{font-size:.85rem;margin-top:auto}
.stars{color:#9a5b00;white-space:nowrap}
@media (prefers-color-scheme:dark){.stars{color:#f5c451}}
.two{display:grid;grid-template-columns:minmax(0,1fr) 20rem;gap:1.25rem;align-items:start}
.two h2:first-child{margin-top:0}
.face{display:flex;gap:1.1rem;align-items:center;margin:0 0 1rem}
.face img{width:84px;height:84px;border-radius:20px}
.badge{display:inline-block;border:1px solid var(--line);border-radius:99px;padding:.05rem .6rem;font-size:.82rem}
.actions{display:flex;align-items:flex-start;gap:.6rem;flex-wrap:wrap;margin:0 0 .5rem}
.actions form{margin:0}
.button.lead,button.lead{background:var(--main);border-color:var(--main);color:#fff}
.button.lead:hover,button.lead:hover{background:var(--over)}
.drawing{overflow:auto;border:1px solid var(--line);border-radius:12px;background:#fafafb}
.drawing img{display:block;max-width:100%;height:auto;margin:0 auto}
ul.plain{padding-left:1.2rem;margin:0}
ul.plain li{margin:0 0 .35rem;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:.94rem}
th,td{text-align:start;padding:.5rem .5rem;border-bottom:1px solid color-mix(in srgb,var(--line) 55%,transparent)}
td.n,th.n{text-align:end;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}
details{margin:.25rem 0}
.card>:last-child,.card p:last-child{margin-bottom:0}
summary{cursor:pointer;font-weight:600}
textarea,select{width:100%;font:inherit;color:inherit;background:var(--page);border:1px solid var(--line);
border-radius:10px;padding:.55rem .7rem}
textarea:focus-visible,select:focus-visible,summary:focus-visible{outline:3px solid var(--main);outline-offset:1px}
fieldset{border:0;padding:0;margin:0}
.rate{display:flex;gap:.25rem;flex-wrap:wrap}
.rate label{margin:0;font-weight:400;border:1px solid var(--line);border-radius:10px;padding:.35rem .6rem;
cursor:pointer}
.rate input{width:auto;min-height:0;margin:0 .3rem 0 0}
.facts{margin:0}
.actions+p{margin-top:1rem}
.price{font-size:1.15rem;font-weight:600}
form label{margin-top:.9rem}
.facts dt{color:var(--soft);font-size:.85rem}
.facts dd{margin:0 0 .6rem;overflow-wrap:anywhere}
@media (max-width:560px){.top .home{flex:1}.top form{order:1;flex-basis:100%}}
@media (max-width:800px){.two{grid-template-columns:minmax(0,1fr)}.face img{width:64px;height:64px}}
"""


@cache
def script() -> bytes:
    return (files("flowloom.serve.store") / SCRIPT).read_bytes()


@cache
def script_version() -> str:
    return sha256(script()).hexdigest()[:12]


def page(request: Request, title: str, body: str, status: int = 200, search: str = "") -> HTMLResponse:
    """A page of the store; `title` is text, `body` HTML."""
    language = language_of(request)
    told = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" '
        f'content="light dark"><link rel="icon" href="{ICON}"><style>{STYLE}{MORE_STYLE}</style>'
        f'<script defer src="/store/-/{SCRIPT}?v={script_version()}"></script>'
        f'<main class="store">{_top(request, search)}{body}</main></html>'
    )
    headers = HEADERS | {"Content-Security-Policy": POLICY}
    return HTMLResponse(told, status, headers=headers)


def _top(request: Request, search: str) -> str:
    t = Words(language_of(request))
    asked = request.query_params.get("lang", "")
    kept = f'<input type="hidden" name="lang" value="{asked}">' if asked in LANGUAGES else ""
    return (
        f'<header class="top"><a class="home" href="{home(request)}">{MARK}{t("Store")}</a>'
        f'<form action="/store" role="search"><input type="search" name="q" value="{escape(search)}" '
        f'aria-label="{t("Search the store")}" placeholder="{t("Search the store")}" maxlength="200">{kept}'
        f"<button>{t('Search')}</button></form>{_way(request, t)}</header>"
    )


def _way(request: Request, t: Words) -> str:
    """From the store to where whoever looks at it comes from."""
    account = person_of(request.scope)
    if is_owner(request.scope) or (account and account.builds):
        return f'<a class="button" href="/">{t("My GPTs")}</a>'
    if account:
        return f'<a class="button" href="/gpts">{t("My GPTs")}</a>'
    onward = quote(request.url.path, safe="")
    return f'<a class="button" href="/sign-in?next={onward}">{t("Sign in")}</a>' if is_team(request.scope) else ""


def home(request: Request, shelf: Shelf = Shelf(), path: str = "/store") -> str:  # noqa: B008
    """The address of a shelf, in the language that was asked for; HTML."""
    asked = request.query_params.get("lang", "")
    told = {"category": shelf.category, "language": shelf.language, "lang": asked if asked in LANGUAGES else ""}
    query = urlencode({name: said for name, said in told.items() if said})
    return escape(f"{path}?{query}" if query else path)


def label_of(category: str, t: Words) -> str:
    """What a shelf is called; HTML."""
    if category in CATEGORIES:
        return t(CATEGORIES[category])
    return escape(category) if category else t(OTHER)


def stars(entry: Entry, t: Words) -> str:
    """The mean of its ratings and how many there are; HTML, "" where there are none."""
    mean = entry.figures.mean_stars
    if mean is None:
        return ""
    told = t("{stars} of 5 stars, {count} ratings", stars=f"{mean:.1f}", count=entry.figures.ratings)
    return f'<span class="stars" title="{told}">★ {mean:.1f}</span> ({entry.figures.ratings})'


def card(entry: Entry, request: Request, builder: str, t: Words) -> str:
    """A GPT in the grid; `builder` is text."""
    facts = [stars(entry, t), t("{count} people", count=entry.figures.people) if entry.figures.people else ""]
    facts += [escape(price_in(entry.price, t.language)) if entry.price else ""]
    facts += [escape(builder), t("from {age}", age=entry.from_age) if entry.from_age else ""]
    return (
        f'<li><a class="card" href="{home(request, path=address(entry))}"><span class="head">'
        f'<img src="/gpt/{quote(entry.slug)}/icon" alt="" loading="lazy" width="44" height="44">'
        f"<strong>{escape(entry.name) or t('Untitled GPT')}</strong></span><p>{escape(entry.description[:300])}</p>"
        f'<span class="soft">{" · ".join(fact for fact in facts if fact)}</span></a></li>'
    )


def address(entry: Entry) -> str:
    return f"/store/gpt/{quote(entry.slug)}"


def said(problem: Problem, t: Words) -> str:
    """A problem in a page; HTML."""
    told = problem.describe(t.language)
    return f'<div class="card"><h1>{escape(told.message)}</h1><p class="soft">{escape(told.hint)}</p></div>'


def problem_page(request: Request, problem: Problem, status: int) -> Response:
    t = Words(language_of(request))
    body = said(problem, t) + f'<a class="button" href="{home(request)}">{t("To the store")}</a>'
    return page(request, problem.describe(t.language).message, body, status)
