"""A Stripe of this machine: it takes what the SDK sends, and signs messages as the real one does."""

import hashlib
import hmac
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

from tests.earning.shop import KEY, SIGNING


class StripeDouble(ThreadingHTTPServer):
    """`asked` holds each call: path, fields, idempotency key. `says` is what it answers next, if set."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], str]] = []
        self.says: tuple[int, dict[str, Any]] | None = None
        super().__init__(("127.0.0.1", 0), _Answers)
        Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


class _Answers(BaseHTTPRequestHandler):
    server: StripeDouble

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        fields = {name: values[0] for name, values in parse_qs(body).items()}
        self.server.asked.append((self.path, fields, self.headers.get("idempotency-key", "")))
        if self.headers["authorization"] != f"Bearer {KEY}":
            self._say(401, {"error": {"type": "invalid_request_error", "message": "Invalid API Key: sk_***"}})
        elif self.server.says:
            self._say(*self.server.says)
        elif self.path == "/v1/refunds":
            self._say(200, {"id": "re_1", "object": "refund", "status": "succeeded"})
        else:
            number = len(self.server.asked)
            page = f"{self.server.url}/pay/{number}"
            self._say(200, {"id": f"cs_{number}", "object": "checkout.session", "url": page})

    def do_GET(self) -> None:
        self._say(200, {"paying": self.path})

    def _say(self, status: int, told: dict[str, Any]) -> None:
        data = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *parts: Any) -> None:
        pass


def message(kind: str, event: str = "evt_1", **said: Any) -> bytes:
    """An event as Stripe tells it."""
    whole = {"object": "charge" if kind.startswith("charge") else "checkout.session", **said}
    return json.dumps({"id": event, "object": "event", "type": kind, "data": {"object": whole}}).encode()


def paid(order: str, amount: int, currency: str = "eur", id: str = "evt_1", **more: Any) -> bytes:
    """The event that a session was paid."""
    facts = {
        "id": "cs_1", "client_reference_id": order, "payment_status": "paid", "amount_total": amount,
        "currency": currency, "payment_intent": "pi_1",
    }  # fmt: skip
    return message("checkout.session.completed", id, **(facts | more))


def refunded(total: int, currency: str = "eur", id: str = "evt_2") -> bytes:
    return message("charge.refunded", id, payment_intent="pi_1", amount_refunded=total, currency=currency)


def signed(body: bytes, secret: str = SIGNING, at: float | None = None) -> dict[str, str]:
    """The headers that such a message comes with."""
    moment = int(time.time() if at is None else at)
    mark = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return {"stripe-signature": f"t={moment},v1={mark}"}
