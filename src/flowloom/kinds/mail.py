"""E-mail: what one holds, and the account it is sent from."""

from typing import Protocol

from pydantic import Field

from flowloom.errors import NodeError
from flowloom.kinds.values import Value


class MailFile(Value):
    """A file that goes with an e-mail."""

    name: str
    media_type: str
    data: bytes = Field(exclude=True, repr=False)


class Mail(Value):
    """An e-mail. `to` are bare addresses."""

    to: tuple[str, ...]
    subject: str = ""
    text: str = ""
    files: tuple[MailFile, ...] = ()


class Mailer(Protocol):
    """The person's e-mail account."""

    def recipients(self, line: str) -> tuple[str, ...]:
        """The addresses of a line, with commas between them. Raises MailError where one is none."""
        ...

    def draft(self, mail: Mail) -> str:
        """The e-mail as a file that a mail program opens and sends."""
        ...

    async def send(self, mail: Mail) -> tuple[str, ...]:
        """Send it; those whom the server did not take it for. Raises MailError and SecretError."""
        ...


class NoMailer:
    """Fulfils `Mailer` where there is no way out."""

    def recipients(self, line: str) -> tuple[str, ...]:
        return (line,)

    def draft(self, mail: Mail) -> str:
        return mail.text

    async def send(self, mail: Mail) -> tuple[str, ...]:
        raise NodeError("Email can’t be sent from here.", "Run the GPT in the app.", code="mail.none")
