"""Codes that open a GPT without paying: told once, kept as digests, each used once."""

import hashlib
import secrets
import time
from collections.abc import Callable

from flowloom.earning.problems import NO_PRICE, WRONG_CODE, EarningError
from flowloom.earning.selling import MOST_TALKS, Selling
from flowloom.money import Price
from flowloom.publishing import Published
from flowloom.store.orders import Code, Order

PROVIDER = "code"
MOST = 200
"""Codes made at a time."""
SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""None that looks like another."""
PARTS, SIGNS_A_PART = 4, 4


class Codes:
    """Safe to use from several threads."""

    def __init__(self, selling: Selling, clock: Callable[[], float] = time.time) -> None:
        self._selling, self._orders, self._clock = selling, selling.orders, clock

    def of(self, flow: str) -> list[Code]:
        return self._orders.codes(flow)

    def make(self, flow: str, price: Price, count: int, quantity: int = 1) -> list[str]:
        """New codes, each for what somebody would pay once; told now and never again. Raises EarningError."""
        if not (1 <= count <= MOST and 1 <= quantity <= MOST_TALKS):
            raise EarningError("That many codes can’t be made at once.", "At most {most}.", most=MOST)
        codes = [_new() for _ in range(count)]
        each_for = quantity if price.kind == "talk" else 1
        with self._orders.db.transaction():
            for code in codes:
                self._orders.add_code(Code(_digest(code), flow, price.kind, each_for, self._clock()))
        return codes

    def withdraw(self, flow: str) -> None:
        """What nobody used opens nothing any more."""
        self._orders.withdraw_codes(flow)

    def redeem(self, found: Published, buyer: str, code: str) -> Order:
        """Open a GPT by a code. Raises EarningError."""
        price = found.publication.terms.price
        if price is None:
            raise EarningError.from_problem(NO_PRICE)
        with self._orders.db.transaction():
            taken = self._orders.take_code(found.flow.id, _digest(code))
            if taken is None:
                raise EarningError.from_problem(WRONG_CODE)
            return self._selling.pay(self._orders.add(self._as_order(found, buyer, taken, price)).id)

    def _as_order(self, found: Published, buyer: str, code: Code, price: Price) -> Order:
        return Order(
            id="", number=0, at=0.0, flow=found.flow.id, title=found.flow.name[:200],
            builder=self._selling.owner_of(found.flow.id), buyer=buyer, name="", kind=code.kind,
            quantity=code.quantity, amount=0, currency=price.currency, host_part=0, provider=PROVIDER,
        )  # fmt: skip


def _new() -> str:
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(SIGNS_A_PART)) for _ in range(PARTS))


def _digest(code: str) -> str:
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(f"flowloom code {plain}".encode()).hexdigest()
