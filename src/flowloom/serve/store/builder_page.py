"""The page of a builder in the store: who they are, how that is known, and all their GPTs."""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from flowloom.gallery.catalogue import Entry
from flowloom.serve.page.refusals import language_of
from flowloom.serve.store.front import grid
from flowloom.serve.store.gpt_page import sent
from flowloom.serve.store.look import page
from flowloom.serve.team.look import Words
from flowloom.store.builders import ADMIN, AT, Builder


def builder_page(
    request: Request, builder: Builder, entries: Sequence[Entry], followers: int, follows: bool | None
) -> Response:
    """`follows` is whether who looks at it follows them; None where they cannot."""
    t = Words(language_of(request))
    about = "".join(f"<p>{escape(line)}</p>" for line in builder.about.splitlines() if line.strip())
    site = (
        f'<p><a href="https://{escape(builder.site)}" rel="noopener nofollow">{escape(builder.site)}</a></p>'
        if builder.site
        else ""
    )
    body = (
        f'<div class="card"><h1>{escape(builder.shown)}{_mark(builder, t)}</h1>{about}{site}'
        f'<p class="soft">{t("{count} followers", count=followers)} · {t("{count} GPTs", count=len(entries))}</p>'
        f"{_follow(builder, follows, t)}</div>{grid(request, entries, lambda entry: '', t)}"
    )
    return page(request, builder.shown, body)


def proof_in(builder: Builder, t: Words) -> str:
    """How somebody is verified; HTML, "" where they are not."""
    if not builder.proof:
        return ""
    if builder.proof == ADMIN:
        return t("Verified by an admin")
    if builder.proof.startswith(AT):
        return t("Verified by an email address at {host}", host=builder.proof.removeprefix(AT))
    return t("Verified: {site}", site=builder.proof)


def _mark(builder: Builder, t: Words) -> str:
    proof = proof_in(builder, t)
    return f' <span class="badge">✓ {proof}</span>' if proof else ""


def _follow(builder: Builder, follows: bool | None, t: Words) -> str:
    if follows is None:
        return ""
    label, to = (t("Stop following"), "0") if follows else (t("Follow"), "1")
    inside = f'<input type="hidden" name="yes" value="{to}"><button class="lead">{label}</button>'
    return sent(f"/store/builders/{quote(builder.slug)}/follow", inside, t)
