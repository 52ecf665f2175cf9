"""E-mail: who wrote to whom about what, and what they wrote; attachments are only named."""

import email
import email.policy
from email.message import EmailMessage

from flowloom.services.knowledge.loaders.document import Document, Length, OnProgress, broken, tidy, whole
from flowloom.services.knowledge.loaders.html import main_text

HEADERS = ("From", "To", "Cc", "Subject", "Date")


def read_mail(name: str, data: bytes, on_progress: OnProgress) -> Document:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    if not (message["From"] or message["Subject"]):
        raise broken(name, "e-mail")
    subject = _one_line(str(message["Subject"] or ""))
    heads = [f"{head}: {_one_line(str(message[head]))}" for head in HEADERS if message[head]]
    attached = [part.get_filename() for part in message.iter_attachments()] if message.is_multipart() else []
    named = [f"Attachments: {', '.join(_one_line(file) for file in attached if file)}"] if any(attached) else []
    text = "\n".join([*([f"# {subject}"] if subject else []), *heads, *named, "", _body(message)])
    return whole(Length(name).add(tidy(text)), is_markdown=True, title=subject)


def _body(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        content = str(part.get_content())
    except (LookupError, UnicodeError):  # an encoding nobody knows
        payload = part.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return main_text(content)[0] if part.get_content_type() == "text/html" else content


def _one_line(text: str) -> str:
    return " ".join(text.split())[:1_000]
