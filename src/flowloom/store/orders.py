"""What people bought or mean to buy, what of it they used, and the codes that open a GPT without paying."""

import time
from collections.abc import Callable
from typing import Literal, NamedTuple
from uuid import uuid4

from flowloom.money import Kind
from flowloom.store.db import Database

State = Literal["open", "paid", "refunded", "cancelled"]
FACTS = (
    "id, number, at, flow, title, builder, buyer, name, kind, quantity, amount, currency, host_part, provider, "
    "reference, state, paid, until, refunded"
)


class Order(NamedTuple):
    """`buyer` is who they are to this GPT, `name` what they wrote for the invoice, `builder` who earns.

    `until` is when what was bought ends, None for never; `refunded` how much of the amount went back.
    """

    id: str
    number: int
    at: float
    flow: str
    title: str
    builder: str
    buyer: str
    name: str
    kind: Kind
    quantity: int
    amount: int
    currency: str
    host_part: int
    provider: str
    reference: str = ""
    state: State = "open"
    paid: float | None = None
    until: float | None = None
    refunded: int = 0


class Code(NamedTuple):
    """Of a code itself only a digest is kept."""

    hash: str
    flow: str
    kind: Kind
    quantity: int
    made: float
    used: float | None = None


class OrderStore:
    """Every method raises StoreError where the database cannot be used."""

    def __init__(self, db: Database, clock: Callable[[], float] = time.time) -> None:
        self.db, self._clock = db, clock

    def add(self, order: Order) -> Order:
        """Keep a new one under the next number."""
        with self.db.transaction():
            (last,) = self.db.one("SELECT coalesce(max(number), 0) FROM earning_orders")
            found = order._replace(id=uuid4().hex, number=int(last) + 1, at=self._clock())
            marks = ", ".join("?" * len(found))
            self.db.do(f"INSERT INTO earning_orders ({FACTS}) VALUES ({marks})", *found)
        return found

    def get(self, id: str) -> Order | None:
        row = self.db.one(f"SELECT {FACTS} FROM earning_orders WHERE id = ?", id)
        return Order(*row) if row else None

    def by_number(self, number: int) -> Order | None:
        row = self.db.one(f"SELECT {FACTS} FROM earning_orders WHERE number = ?", number)
        return Order(*row) if row else None

    def by_reference(self, reference: str) -> Order | None:
        """The order that a payment service knows by this name."""
        row = (
            self.db.one(f"SELECT {FACTS} FROM earning_orders WHERE reference = ?", reference) if reference else None
        )
        return Order(*row) if row else None

    def change(self, order: Order) -> None:
        """Keep how it stands now."""
        self.db.do(
            "UPDATE earning_orders SET reference = ?, state = ?, paid = ?, until = ?, refunded = ? WHERE id = ?",
            order.reference, order.state, order.paid, order.until, order.refunded, order.id,
        )  # fmt: skip

    def know_as(self, id: str, reference: str) -> None:
        """How a payment service knows an order that is still open; one that was paid meanwhile stays as it is."""
        self.db.do("UPDATE earning_orders SET reference = ? WHERE id = ? AND state = 'open'", reference, id)

    def in_state(self, state: State, most: int = 200) -> list[Order]:
        """The latest first."""
        rows = self.db.all(
            f"SELECT {FACTS} FROM earning_orders WHERE state = ? ORDER BY number DESC LIMIT ?", state, most
        )
        return [Order(*row) for row in rows]

    def count(self, state: State) -> int:
        (count,) = self.db.one("SELECT count(*) FROM earning_orders WHERE state = ?", state)
        return int(count)

    def of_buyer(self, flow: str, buyer: str) -> list[Order]:
        """What somebody bought of a GPT, the latest first."""
        rows = self.db.all(
            f"SELECT {FACTS} FROM earning_orders WHERE buyer = ? AND flow = ? ORDER BY number DESC", buyer, flow
        )
        return [Order(*row) for row in rows]

    def use(self, flow: str, buyer: str, conversation: str, bought: int) -> bool:
        """Take a conversation of those that were bought, once for each; whether there was one."""
        with self.db.transaction():
            if self.db.one("SELECT 1 FROM earning_uses WHERE conversation = ?", conversation):
                return True
            if self.used(flow, buyer) >= bought:
                return False
            self.db.do("INSERT INTO earning_uses VALUES (?, ?, ?, ?)", conversation, flow, buyer, self._clock())
        return True

    def used(self, flow: str, buyer: str) -> int:
        (count,) = self.db.one("SELECT count(*) FROM earning_uses WHERE buyer = ? AND flow = ?", buyer, flow)
        return int(count)

    def hear(self, event: str) -> bool:
        """Whether a message of a payment service is new; to be asked in the transaction that acts on it."""
        return bool(
            self.db.do("INSERT INTO earning_events VALUES (?, ?) ON CONFLICT (id) DO NOTHING", event, self._clock())
        )

    def add_code(self, code: Code) -> None:
        self.db.do("INSERT INTO earning_codes VALUES (?, ?, ?, ?, ?, ?)", *code)

    def codes(self, flow: str) -> list[Code]:
        """The latest first."""
        rows = self.db.all(
            "SELECT hash, flow, kind, quantity, made, used FROM earning_codes WHERE flow = ? ORDER BY made DESC",
            flow,
        )
        return [Code(*row) for row in rows]

    def take_code(self, flow: str, hash: str) -> Code | None:
        """Use up a code of a GPT; None where there is none, or it was used."""
        with self.db.transaction():
            row = self.db.one(
                "SELECT hash, flow, kind, quantity, made, used FROM earning_codes WHERE hash = ? AND flow = ?"
                " AND used IS NULL", hash, flow,
            )  # fmt: skip
            if row:
                self.db.do("UPDATE earning_codes SET used = ? WHERE hash = ?", self._clock(), hash)
        return Code(*row) if row else None

    def withdraw_codes(self, flow: str) -> None:
        """Codes of a GPT that nobody used open nothing any more."""
        self.db.do("DELETE FROM earning_codes WHERE flow = ? AND used IS NULL", flow)

    def delete_of(self, flow: str) -> None:
        """Let go of its codes; what was bought stays in the books, as the law of most countries has it."""
        self.db.do("DELETE FROM earning_codes WHERE flow = ?", flow)
