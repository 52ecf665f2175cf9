"""Who may use a GPT that has a price: whoever bought it, for as long as that lasts."""

import time
from collections.abc import Callable

from flowloom.publishing import Published
from flowloom.store.orders import Order, OrderStore
from flowloom.visits.visitors import VisitError


class Access:
    """Safe to use from several threads."""

    def __init__(self, orders: OrderStore, clock: Callable[[], float] = time.time) -> None:
        self._orders, self._clock = orders, clock

    def admit(self, published: Published, buyer: str, conversation: str) -> None:
        """Let somebody go on, or begin where `conversation` is "". Raises VisitError before it is paid for."""
        if published.publication.terms.price is None:
            return
        flow = published.flow.id
        bought = self._paid(flow, buyer)
        if any(_is_open(each, self._clock()) for each in bought):
            return
        talks = _talks(bought)
        if talks and not conversation and self._orders.used(flow, buyer) < talks:
            return
        if talks and conversation and self._orders.use(flow, buyer, conversation, talks):
            return
        raise _unpaid(bought)

    def has(self, flow: str, buyer: str) -> bool:
        """Whether somebody may use a GPT now without paying again."""
        return any(_is_open(each, self._clock()) for each in self._paid(flow, buyer)) or self.left(flow, buyer) > 0

    def left(self, flow: str, buyer: str) -> int:
        """How many conversations somebody may still begin of those they bought."""
        return max(0, _talks(self._paid(flow, buyer)) - self._orders.used(flow, buyer))

    def _paid(self, flow: str, buyer: str) -> list[Order]:
        return [each for each in self._orders.of_buyer(flow, buyer) if each.state == "paid"]


def _is_open(order: Order, now: float) -> bool:
    return order.kind == "once" or (order.kind == "month" and (order.until or 0.0) > now)


def _talks(bought: list[Order]) -> int:
    return sum(each.quantity for each in bought if each.kind == "talk")


def _unpaid(bought: list[Order]) -> VisitError:
    kinds = {each.kind for each in bought}
    if "month" in kinds:
        message = "Your month with this GPT has ended."
    elif "talk" in kinds:
        message = "You have used all the conversations you bought."
    else:
        message = "This GPT has a price."
    return VisitError(message, "See on its page in the store what it costs, and buy it there.", code="visit.pay")
