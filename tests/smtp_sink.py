"""A real SMTP server on this machine that keeps what it is sent, with sign-in and TLS where a test wants them."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.hanging_up import hang_up


@dataclass
class SmtpSink:
    """What arrived: for whom, and the messages."""

    refuses: set[str] = field(default_factory=set)
    """Addresses it takes nothing for."""
    answer: str = "250 OK"
    to: list[list[str]] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refuses:
            return "550 nobody of that name, password hunter2"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if not self.answer.startswith("2"):
            return self.answer
        self.to.append(envelope.rcpt_tos)
        found = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.mails.append(found)
        return self.answer


@contextmanager
def smtp_sink(password: str = "", tls: ssl.SSLContext | None = None, first: bool = True) -> Iterator[SmtpSink]:
    """One that runs; with `tls` it is secure from the `first` word on, or by STARTTLS."""
    sink = SmtpSink()

    def sign_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and data.password == password.encode()
        return AuthResult(success=good, handled=False)

    options: dict[str, Any] = {}
    if password:
        options = {"authenticator": sign_in, "auth_require_tls": False}
    if tls and not first:
        options |= {"tls_context": tls, "require_starttls": True}
    loop = asyncio.new_event_loop()
    running = Thread(target=loop.run_forever, daemon=True)
    running.start()
    begun = loop.create_server(lambda: SMTP(sink, loop=loop, **options), "127.0.0.1", 0, ssl=tls if first else None)
    server = asyncio.run_coroutine_threadsafe(begun, loop).result()
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        asyncio.run_coroutine_threadsafe(hang_up(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        running.join()
        loop.close()


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server on 127.0.0.1 shows, and a client that trusts it and nobody else."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=made.public_bytes(serialization.Encoding.PEM).decode())
