"""An e-mail as its format wants it: values stay values, and no line of a text becomes a header."""

import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from flowloom.errors import MailError
from flowloom.kinds.mail import Mail

MOST = 20
"""Recipients of one e-mail."""
LONGEST_SUBJECT = 300
_NOT_IN_NAME = r"\s@<>(),;:\\\"\[\]"
_LABEL = rf"[^{_NOT_IN_NAME}._=?%!&']{{1,63}}"
_ADDRESS = re.compile(rf"[^{_NOT_IN_NAME}]{{1,64}}@({_LABEL}(?:\.{_LABEL})*)")


def check_address(address: str) -> str:
    """The address without space around it, its domain in ASCII. Raises MailError where it is none."""
    address = address.strip()
    found = _ADDRESS.fullmatch(address) if address.isprintable() and len(address) <= 254 else None
    domain = _ascii(found[1]) if found else ""
    if not domain:
        raise MailError(
            "“{address}” isn’t an email address.",
            "Enter it like anna@example.org. Separate several with commas.",
            code="mail.address",
            address=address[:100] or "…",
        )
    return f"{address.rpartition('@')[0]}@{domain}"


def _ascii(domain: str) -> str:
    """A domain as servers know it, "" where it is none."""
    try:
        ascii = domain.encode("idna").decode()
    except UnicodeError:
        return ""
    return "" if any(label.startswith("-") or label.endswith("-") for label in ascii.split(".")) else ascii


def recipients_in(text: str) -> tuple[str, ...]:
    """The addresses of a line, each once. Raises MailError where there is none, or what is none."""
    found = tuple(dict.fromkeys(check_address(part) for part in re.split(r"[,;，；\n]", text) if part.strip()))
    if not found:
        raise MailError("This email has no recipient.", "Enter an address under To.", code="mail.nobody")
    if len(found) > MOST:
        raise MailError(
            "This email has {count} recipients. The maximum is {most}.",
            "Send it to fewer people, or send one to each person with For each.",
            code="mail.too_many",
            count=len(found),
            most=MOST,
        )
    return found


def message_of(mail: Mail, sender: str, at: datetime, *, draft: bool = False) -> EmailMessage:
    """The message; without a `sender` and as a draft it is for the person’s own mail program to send."""
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit", utf8=False))
    if sender:
        message["From"] = sender
    message["To"] = ", ".join(mail.to)
    message["Subject"] = " ".join(mail.subject.split())[:LONGEST_SUBJECT]
    message["Date"] = format_datetime(at.astimezone())
    if draft:
        message["X-Unsent"] = "1"  # Outlook opens such a file as something still to be sent.
    else:
        message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message.set_content(mail.text.replace("\x00", ""), cte="quoted-printable")
    for file in mail.files:
        main, _, sub = file.media_type.partition("/")
        message.add_attachment(file.data, maintype=main, subtype=sub or "octet-stream", filename=file.name)
    return message
