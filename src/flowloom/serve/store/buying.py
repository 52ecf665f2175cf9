"""The pages on which a GPT is bought: what it costs, how to pay, and how an order stands."""

from datetime import UTC, datetime
from html import escape
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from flowloom.earning.selling import LONGEST_NAME
from flowloom.earning.settings import SellingSettings
from flowloom.earning.words import STATES, bought_in, number_of, price_in
from flowloom.gallery.catalogue import Entry
from flowloom.money import Price, written
from flowloom.serve.page.refusals import language_of
from flowloom.serve.store.gpt_page import sent
from flowloom.serve.store.look import address, home, page
from flowloom.serve.team.look import Words
from flowloom.store.orders import Order

TALKS = (1, 5, 10, 20, 50)
"""How many conversations one can buy at a time."""
LASTS = {
    "once": "You can use it for good.",
    "month": "You can use it for a month. It doesn’t renew by itself.",
    "talk": "Each conversation you begin takes one of those you bought; how long it gets makes no difference.",
}


def buy_page(request: Request, entry: Entry, price: Price, settings: SellingSettings, is_known: bool) -> Response:
    """`is_known` is whether somebody is signed in, so that what they buy follows them."""
    t = Words(language_of(request))
    name = escape(entry.name) or t("Untitled GPT")
    kept = (
        ""
        if is_known
        else f'<p class="soft">{t("What you buy belongs to this browser. Buy it where you will use it.")}</p>'
    )
    body = (
        f'<div class="two"><div class="card"><h1>{t("Buy “{name}”", name=entry.name)}</h1>'
        f'<p class="price">{escape(price_in(price, t.language))}</p><p>{t(LASTS[price.kind])}</p>{kept}'
        f"{_order_form(entry, price, settings, t)}</div>"
        f'<aside><div class="card"><h2>{t("Do you have a code?")}</h2>{_code_form(entry, t)}</div>'
        f'<p><a href="{home(request, path=address(entry))}">{t("Back to {name}", name=entry.name)}</a></p>'
        "</aside></div>"
    )
    return page(request, name, body)


def _order_form(entry: Entry, price: Price, settings: SellingSettings, t: Words) -> str:
    label = t("Pay with Stripe") if settings.provider == "stripe" else t("Order on invoice")
    inside = (
        f'<label for="name">{t("Your name or company")}<small>{t("It stands on the invoice.")}</small></label>'
        f'<input id="name" name="name" required maxlength="{LONGEST_NAME}" autocomplete="name">'
        f'{_quantity(price, t)}<p></p><button class="lead">{label}</button>'
    )
    return sent(f"{address(entry)}/order", inside, t, visitor_of=entry.slug)


def _quantity(price: Price, t: Words) -> str:
    if price.kind != "talk":
        return ""
    options = "".join(
        f'<option value="{each}">{_talks(each, t)} – '
        f"{written(each * price.amount, price.currency, t.language)}</option>"
        for each in TALKS
    )
    return f'<label for="quantity">{t("How many")}</label><select id="quantity" name="quantity">{options}</select>'


def _talks(count: int, t: Words) -> str:
    return t("One conversation") if count == 1 else t("{count} conversations", count=count)


def _code_form(entry: Entry, t: Words) -> str:
    inside = (
        f'<label for="code">{t("Code")}</label><input id="code" name="code" required maxlength="40" '
        f'autocomplete="off" placeholder="ABCD-EFGH-JKLM-NPQR"><p></p><button>{t("Use the code")}</button>'
    )
    return sent(f"{address(entry)}/redeem", inside, t, visitor_of=entry.slug)


def order_page(request: Request, order: Order, slug: str, settings: SellingSettings) -> Response:
    """How an order stands, with all that an invoice says; `slug` is "" where the GPT is gone."""
    t = Words(language_of(request))
    chat = f'<a class="button lead" href="/gpt/{quote(slug)}">{t("Chat now")}</a>' if slug else ""
    actions = f'<div class="actions">{chat}</div>' if order.state == "paid" else ""
    body = (
        f'<div class="card"><h1>{t("Order {number}", number=number_of(order))}</h1>'
        f'<p><span class="badge">{t(STATES[order.state])}</span></p>{_what_next(order, settings, t)}{actions}'
        f'<dl class="facts">{_facts(order, settings, t)}</dl></div>'
    )
    return page(request, t("Order {number}", number=number_of(order)), body)


def _what_next(order: Order, settings: SellingSettings, t: Words) -> str:
    if order.state != "open":
        return ""
    if order.provider != "invoice":
        return f"<p>{t('As soon as the payment is confirmed, you can chat. Reload this page in a moment.')}</p>"
    if not settings.iban:
        return f"<p>{t('The seller will tell you how to pay. You can chat once the money has arrived.')}</p>"
    return (
        f"<p>{t('Transfer the amount and give the number of this order. You can chat once it has arrived.')}</p>"
        f'<p class="soft">{t("Keep the address of this page: it shows how your order stands.")}</p>'
    )


def _facts(order: Order, settings: SellingSettings, t: Words) -> str:
    rows = [
        (t("Date"), _day(order.at)),
        (t("For"), escape(bought_in(order, t.language))),
        (t("Amount"), escape(written(order.amount, order.currency, t.language))),
        (t("Buyer"), escape(order.name)),
        (
            t("Seller"),
            "<br>".join(escape(line) for line in (settings.name, *settings.address.splitlines()) if line),
        ),
    ]
    if order.provider == "invoice":
        rows += [("IBAN", escape(_in_fours(settings.iban))), ("BIC", escape(settings.bic))]
    if order.until and order.state == "paid":
        rows.append((t("Ends"), _day(order.until)))
    if order.refunded:
        rows.append((t("Refunded"), escape(written(order.refunded, order.currency, t.language))))
    return "".join(f"<dt>{name}</dt><dd>{said}</dd>" for name, said in rows if said)


def _in_fours(iban: str) -> str:
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
