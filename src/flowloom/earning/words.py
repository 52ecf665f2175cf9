"""What is earned and owed, in words people read."""

from flowloom.locales import translate
from flowloom.money import Price, written
from flowloom.store.books import Entry
from flowloom.store.orders import Order

PRICES = {"once": "{amount}, once", "month": "{amount} a month", "talk": "{amount} a conversation"}
BOUGHT = {
    "once": "“{title}”, to use for good",
    "month": "“{title}”, for a month",
    "talk": "“{title}”, {count} conversations",
}
ONE_TALK = "“{title}”, one conversation"
STATES = {
    "open": "Waiting for payment",
    "paid": "Paid",
    "refunded": "Refunded",
    "cancelled": "Cancelled",
}
ENTRIES = {
    "sale": "Sale of “{title}”, order {number}",
    "refund": "Refund of “{title}”, order {number}",
    "payout": "Payout",
    "back": "Payout that came back",
}


def price_in(price: Price, language: str) -> str:
    """What a GPT costs."""
    return translate(PRICES[price.kind], language, amount=written(price.amount, price.currency, language))


def bought_in(order: Order, language: str) -> str:
    """What an order is for."""
    said = ONE_TALK if order.kind == "talk" and order.quantity == 1 else BOUGHT[order.kind]
    return translate(said, language, title=order.title, count=order.quantity)


def entry_in(entry: Entry, order: Order | None, language: str) -> str:
    """What a line of somebody’s account is about."""
    title, number = (order.title, number_of(order)) if order else ("–", "–")
    return translate(ENTRIES.get(entry.what, entry.what), language, title=title, number=number)


def number_of(order: Order) -> str:
    """Under which number an order and its invoice are known."""
    return f"{order.number:05d}"
