"""E-mail sent by SMTP from the person's own account."""

import asyncio
import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from ipaddress import ip_address

from flowloom.errors import MailError
from flowloom.kinds.mail import Mail
from flowloom.services.mail.message import message_of, recipients_in
from flowloom.services.mail.settings import PASSWORD, MailAccount
from flowloom.services.secrets import SecretStore

SECONDS = 30.0
"""How long each answer of the server may take."""
NO_ACCOUNT = "Set up the account in Settings → Email, or let the block make drafts."


class SmtpMailer:
    """Fulfils `Mailer`. `context` makes what checks the server's certificate."""

    def __init__(
        self,
        secrets: SecretStore,
        account: MailAccount,
        context: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        self.account = account
        self._secrets, self._context = secrets, context

    def recipients(self, line: str) -> tuple[str, ...]:
        """The addresses of a line. Raises MailError where one is none."""
        return recipients_in(line)

    def draft(self, mail: Mail) -> str:
        """The e-mail as a file that a mail program opens and sends."""
        return message_of(mail, self.account.address, datetime.now(), draft=True).as_string()

    async def send(self, mail: Mail) -> tuple[str, ...]:
        """Send it; those whom the server did not take it for. Raises MailError and SecretError."""
        account = self.account
        if not account.address or not account.server:
            raise MailError("No email account is set up.", NO_ACCOUNT, code="mail.no_account")
        password = self._secrets.reveal(PASSWORD) if self._secrets.has(PASSWORD) else ""
        message = message_of(mail, account.address, datetime.now())
        return await asyncio.to_thread(self._send, account, password, message, mail.to)

    def _send(
        self, account: MailAccount, password: str, message: EmailMessage, to: tuple[str, ...]
    ) -> tuple[str, ...]:
        try:
            with self._connected(account) as server:
                if password:
                    server.login(account.user or account.address, password)
                refused = server.send_message(message, account.address, list(to))
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            raise _failure(account, error) from None
        return tuple(refused)

    def _connected(self, account: MailAccount) -> smtplib.SMTP:
        if account.security == "none" and not is_here(account.server):
            raise MailError(
                "Your password and emails would be sent to {server} without encryption.",
                "Choose a secure connection in Settings → Email.",
                code="mail.open",
                server=account.server,
            )
        if account.security == "tls":
            return smtplib.SMTP_SSL(account.server, account.port, timeout=SECONDS, context=self._context())
        server = smtplib.SMTP(account.server, account.port, timeout=SECONDS)
        if account.security == "starttls":
            try:
                server.starttls(context=self._context())
            except BaseException:
                server.close()
                raise
        return server


def is_here(server: str) -> bool:
    """Whether a server is this computer, to which nothing crosses a network."""
    try:
        return server == "localhost" or ip_address(server.strip("[]")).is_loopback
    except ValueError:
        return False


def _failure(account: MailAccount, error: Exception) -> MailError:
    # A server's own words may repeat the name or the password, so only its number is told.
    match error:
        case smtplib.SMTPAuthenticationError():
            return MailError(
                "{server} didn’t accept the user name or password.",
                "Check them in Settings → Email. Many providers need a separate app password.",
                code="mail.sign_in",
                server=account.server,
            )
        case smtplib.SMTPRecipientsRefused():
            return MailError(
                "{server} doesn’t accept email for {people}.",
                "Check the address.",
                code="mail.refused",
                server=account.server,
                people=", ".join(map(str, error.recipients))[:300],
            )
        case smtplib.SMTPResponseException():
            return MailError(
                "{server} didn’t accept the email (reply {number}).",
                "Try again later, or check your account there.",
                code="mail.answer",
                server=account.server,
                number=error.smtp_code,
            )
        case ssl.SSLError():
            return MailError(
                "No secure connection to {server} was possible.",
                "Try the other security setting and its port in Settings → Email.",
                code="mail.tls",
                server=account.server,
            )
    return MailError(
        "The connection to {server} failed ({reason}).",
        "Check the server and port in Settings → Email.",
        code="mail.connection",
        server=f"{account.server}:{account.port}",
        reason=type(error).__name__,
    )
