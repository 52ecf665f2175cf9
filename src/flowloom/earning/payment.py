"""What pays for an order: a service that takes payments, or an invoice, which needs none."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from flowloom.earning.problems import NO_ORDER, EarningError
from flowloom.store.orders import Order


class Started(NamedTuple):
    """How the service knows a payment, and the address at which somebody pays; "" where there is none."""

    reference: str = ""
    onward: str = ""


class Paid(NamedTuple):
    """An order was paid; `payment` is how the service knows that from now on."""

    event: str
    order: str
    amount: int
    currency: str
    payment: str


class Refunded(NamedTuple):
    """So much of a payment went back, all in all."""

    event: str
    payment: str
    total: int


class Provider(Protocol):
    """A way to pay. What it cannot do, it says with an EarningError."""

    name: str

    def start(self, order: Order, back: str) -> Started:
        """Have an order paid; `back` is the address that a buyer comes back to."""
        ...

    def heard(self, body: bytes, headers: Mapping[str, str]) -> Paid | Refunded | None:
        """What a message of the service means, once it is known to be from there; None for all else."""
        ...

    def refund(self, order: Order, total: int) -> None:
        """Give money back, so that `total` of an order has gone back."""
        ...


class Invoice:
    """Somebody transfers the money, and the host says when it has come; the host also transfers it back."""

    name = "invoice"

    def start(self, order: Order, back: str) -> Started:
        return Started()

    def heard(self, body: bytes, headers: Mapping[str, str]) -> Paid | Refunded | None:
        raise EarningError.from_problem(NO_ORDER)

    def refund(self, order: Order, total: int) -> None:
        pass
