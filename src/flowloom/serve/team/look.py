"""How the pages of people look: one card in the middle, light or dark as the browser is.

No script but the one for passkeys, where a page has a use for it.
"""

from html import escape

from starlette.responses import HTMLResponse

from flowloom.errors import Problem
from flowloom.locales import translate

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    # A form of a page that tells nobody where it stands would not say whose it is either.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
MARK = (
    '<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#4f46e5"/>'
    '<path d="M8 9h5c6 0 0 14 6 14h5M8 23h5c6 0 0-14 6-14h5" fill="none" stroke="#fff" stroke-width="2.6" '
    'stroke-linecap="round"/></svg>'
)
STYLE = """
:root{color-scheme:light dark;--page:#f5f5f9;--card:#fff;--text:#1d1d29;--soft:#5c5c70;--line:#c9c9d6;
--main:#5850ec;--over:#473fd6;--bad:#b3261e;--bad-page:#fdecea;--good-page:#e9f6ee}
@media (prefers-color-scheme:dark){:root{--page:#101018;--card:#1a1a25;--text:#ececf3;--soft:#a5a5b8;--line:#44445a;
--bad:#ffb4ab;--bad-page:#3a1d1b;--good-page:#16301f}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;padding:7vh 1rem 3rem;background:var(--page);color:var(--text);
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans CJK SC",sans-serif}
main{max-width:27rem;margin:0 auto}
main.wide{max-width:56rem}
.card{background:var(--card);border:1px solid color-mix(in srgb,var(--line) 55%,transparent);border-radius:16px;
padding:1.75rem;margin:0 0 1rem;box-shadow:0 1px 2px rgb(0 0 0/.05),0 8px 28px rgb(0 0 0/.06)}
.mark{width:44px;height:44px;display:block;margin:0 0 1rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .35rem;letter-spacing:-.01em}
h2{font-size:1.05rem;margin:0 0 .75rem}
p{margin:0 0 .75rem;overflow-wrap:anywhere}
.soft{color:var(--soft)}
label{display:block;font-weight:600;font-size:.92rem;margin:1rem 0 .3rem}
label small{display:block;font-weight:400;color:var(--soft)}
input{width:100%;font:inherit;color:inherit;background:var(--page);border:1px solid var(--line);border-radius:10px;
padding:.65rem .8rem;min-height:2.9rem}
input:focus-visible,a:focus-visible,button:focus-visible{outline:3px solid var(--main);outline-offset:1px}
input.code{font-family:ui-monospace,Menlo,Consolas,monospace;letter-spacing:.04em;text-transform:uppercase}
button,.button{font:inherit;font-weight:600;cursor:pointer;border-radius:10px;padding:.65rem 1rem;min-height:2.9rem;
border:1px solid var(--line);background:transparent;color:inherit;text-decoration:none;display:inline-block}
button.main{width:100%;margin-top:1.4rem;background:var(--main);border-color:var(--main);color:#fff}
button.main:hover{background:var(--over)}
.button.wide{width:100%;text-align:center}
.or{margin:.75rem 0 0}
button.wide{width:100%}
button.small{min-height:2.2rem;padding:.3rem .8rem;font-size:.9rem}
.said{border-radius:10px;padding:.75rem .9rem;margin:1rem 0 0}
.bad{background:var(--bad-page);color:var(--bad)}
.good{background:var(--good-page)}
.said p{margin:0}
[hidden]{display:none!important}
.row{display:flex;gap:.75rem;align-items:center;justify-content:space-between;flex-wrap:wrap}
.row+.row{border-top:1px solid color-mix(in srgb,var(--line) 55%,transparent);padding-top:.75rem;margin-top:.75rem}
.row p{margin:0}
.row form{margin:0}
.bar{display:flex;gap:.75rem;align-items:center;justify-content:space-between;flex-wrap:wrap;margin:0 0 1.25rem}
.bar .mark{margin:0;width:34px;height:34px}
.bar h1{margin:0;flex:1}
ul.told{margin:0;padding-left:1.2rem}
ul.told li{margin:0 0 .6rem;overflow-wrap:anywhere}
.soft a{color:inherit}
.gpts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(16rem,100%),1fr));gap:1rem;padding:0;margin:0;
list-style:none}
.gpts .card{margin:0;height:100%;display:block;color:inherit;text-decoration:none}
.gpts .card:hover{border-color:var(--main)}
.gpts img{width:40px;height:40px;border-radius:10px;display:block;margin:0 0 .75rem}
@media (max-width:480px){body{padding:1.25rem .9rem 2rem}.card{padding:1.25rem}}
"""


class Words:
    """The texts of a page in one language, ready to stand in it."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, source: str, **params: object) -> str:
        return escape(translate(source, self.language, **params))


def page(
    title: str,
    body: str,
    language: str,
    status: int = 200,
    wide: bool = False,
    onward: str = "",
    script: str = "",
) -> HTMLResponse:
    """A page; `title` and `body` are HTML. With `onward`, an address, the browser goes there by itself.

    `script` is the path of one of ours.
    """
    code = f'<script src="{script}" defer></script>' if script else ""
    refresh = f'<meta http-equiv="refresh" content="0;url={escape(onward)}">' if onward else ""
    told = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">{refresh}<title>{title} · Flowloom</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<style>{STYLE}</style><main{' class=wide' if wide else ''}>{body}</main>{code}</html>"
    )
    allowed = "script-src 'self'; connect-src 'self'; " if script else ""
    policy = HEADERS["Content-Security-Policy"].replace("style-src", f"{allowed}style-src")
    return HTMLResponse(told, status, headers=HEADERS | {"Content-Security-Policy": policy})


def field(name: str, label: str, kind: str = "text", value: str = "", help: str = "", **more: str) -> str:
    """A field with its label, both HTML; `more` are attributes, with `_` for `-`."""
    below = f"<small>{help}</small>" if help else ""
    others = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(said)}"' for key, said in more.items())
    return (
        f'<label for="{name}">{label}{below}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" value="{escape(value)}" required{others}>'
    )


def said(problem: Problem | None, language: str) -> str:
    """What went wrong, above a form."""
    if problem is None:
        return ""
    told = problem.describe(language)
    return (
        f'<div class="said bad" role="alert"><p><strong>{escape(told.message)}</strong></p>'
        f"<p>{escape(told.hint)}</p></div>"
    )


def button(label: str, action: str, look: str = "small") -> str:
    """A form of one button; `label` is HTML."""
    return f'<form method="post" action="{action}"><button class="{look}">{label}</button></form>'
