"""Payment by Stripe Checkout: a page of Stripe’s, and signed messages of what came of it."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from flowloom.earning.payment import Paid, Refunded, Started
from flowloom.earning.problems import FORGED, EarningError
from flowloom.money import places_of
from flowloom.store.orders import Order

if TYPE_CHECKING:
    from stripe import StripeClient

ADDRESS = "https://api.stripe.com"
AS_HUNDREDTHS = ("ISK", "UGX")
"""Currencies without decimals of which Stripe is told hundredths all the same."""
PAID = ("checkout.session.completed", "checkout.session.async_payment_succeeded")


class StripeCheckout:
    """Fulfils `Provider`."""

    name = "stripe"

    def __init__(self, key: Callable[[], str], signing: Callable[[], str], address: str = ADDRESS) -> None:
        """`key` and `signing` reveal the secrets for the one call that needs them."""
        self._key, self._signing, self._address = key, signing, address

    def start(self, order: Order, back: str) -> Started:
        amount = to_stripe(order.amount, order.currency)
        session = self._asked(
            lambda client: client.v1.checkout.sessions.create(
                {
                    "mode": "payment",
                    "client_reference_id": order.id,
                    "line_items": [
                        {
                            "quantity": 1,
                            "price_data": {
                                "currency": order.currency.lower(),
                                "unit_amount": amount,
                                "product_data": {"name": order.title or "GPT"},
                            },
                        }
                    ],
                    "success_url": back,
                    "cancel_url": back,
                },
                {"idempotency_key": f"order:{order.id}"},
            )
        )
        return Started(session.id, session.url or "")

    def heard(self, body: bytes, headers: Mapping[str, str]) -> Paid | Refunded | None:
        stripe = _stripe()
        try:
            stripe.Webhook.construct_event(body, headers.get("stripe-signature", ""), self._signing())
            event = json.loads(body)
            return _meaning(str(event["id"]), str(event["type"]), event["data"]["object"])
        except (stripe.SignatureVerificationError, ValueError, TypeError, AttributeError, KeyError):
            # The SDK itself trips over what is signed and no event.
            raise EarningError.from_problem(FORGED) from None

    def refund(self, order: Order, total: int) -> None:
        amount = to_stripe(total - order.refunded, order.currency)
        self._asked(
            lambda client: client.v1.refunds.create(
                {"payment_intent": order.reference, "amount": amount},
                {"idempotency_key": f"refund:{order.id}:{total}"},
            )
        )

    def _asked(self, ask: "Callable[[StripeClient], Any]") -> Any:
        stripe = _stripe()
        client = stripe.StripeClient(self._key(), base_addresses={"api": self._address}, max_network_retries=1)
        try:
            return ask(client)
        except stripe.AuthenticationError:
            raise EarningError(
                "Stripe doesn’t accept the key.", "Whoever looks after this store can renew it.", code="earning.key"
            ) from None
        except stripe.APIConnectionError:
            raise EarningError(
                "Stripe can’t be reached right now.", "Try again in a minute.", code="earning.away"
            ) from None
        except stripe.StripeError as error:
            raise EarningError(
                "Stripe refused this payment ({reason}).",
                "Whoever looks after this store can look it up at Stripe.",
                code="earning.refused",
                reason=error.code or type(error).__name__,
            ) from None


def _meaning(event: str, kind: str, said: dict[str, Any]) -> Paid | Refunded | None:
    currency = str(said.get("currency") or "").upper()
    if kind in PAID and said.get("payment_status") == "paid" and said.get("client_reference_id"):
        amount = from_stripe(int(said["amount_total"]), currency)
        payment = str(said.get("payment_intent") or said["id"])
        return Paid(event, str(said["client_reference_id"]), amount, currency, payment)
    if kind == "charge.refunded" and said.get("payment_intent"):
        return Refunded(event, str(said["payment_intent"]), from_stripe(int(said["amount_refunded"]), currency))
    return None


def to_stripe(amount: int, currency: str) -> int:
    """An amount as Stripe counts it. Raises EarningError where it takes none such."""
    if currency in AS_HUNDREDTHS:
        return amount * 100
    if places_of(currency) == 3 and amount % 10:
        raise EarningError(
            "Stripe takes amounts in {currency} to two decimals only.",
            "Ask the builder for another price.",
            currency=currency,
        )
    return amount


def from_stripe(amount: int, currency: str) -> int:
    return amount // 100 if currency in AS_HUNDREDTHS else amount


def _stripe() -> Any:
    try:
        import stripe
    except ImportError:
        raise EarningError(
            "Paying by Stripe needs a package that isn’t installed.",
            "Whoever runs this app can install it: flowloom[stripe].",
            code="earning.package",
        ) from None
    return stripe
