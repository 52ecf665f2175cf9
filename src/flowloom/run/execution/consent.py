"""What a person is asked before something leaves for another computer, and what their answer means."""

import re

from flowloom.errors import NodeError
from flowloom.kinds.consents import ANY_PAGE, Sending
from flowloom.kinds.people import Choice, Question, Reply
from flowloom.kinds.services import Consents
from flowloom.locales import translate

ONCE, ALWAYS, PAGES, NOT_NOW, NEVER = "once", "always", "pages", "not_now", "never"
LONGEST = 2_000
"""Characters of what would be sent that a person is shown."""
_CHOICES = (
    Choice(id=ONCE, label="Allow for this message", own=False),
    Choice(id=ALWAYS, label="Always allow", own=False),
    Choice(id=PAGES, label="Always allow any page", own=False),
    Choice(id=NOT_NOW, label="Not now", own=False),
    Choice(id=NEVER, label="Never allow", own=False),
)


def consent_question(sending: Sending, language: str) -> Question:
    """Which host would get what, and the ways to answer."""
    return Question(
        title="Allow this GPT to open a page of {host}?"
        if sending.opens_page
        else "Allow this GPT to send this to {host}?",
        own=False,
        params={"host": sending.to},
        exact=_shown(sending.what, language),
        choices=tuple(choice for choice in _CHOICES if sending.opens_page or choice.id != PAGES),
        key="consent",
        remark=False,
    )


def heard(reply: Reply, new: bool, sending: Sending, consents: Consents) -> None:
    """Keep a `new` answer that is meant once for all. Raises NodeError where the sending is refused."""
    if new and reply.choice in (ALWAYS, PAGES, NEVER):
        consents.keep(ANY_PAGE if reply.choice == PAGES else sending.to, reply.choice != NEVER)
    if reply.choice == NEVER:
        raise never_allowed(sending)
    if reply.choice not in (ONCE, ALWAYS, PAGES):
        raise NodeError(
            "You didn’t allow this GPT to send anything to {host}.",
            "Send the message again to be asked once more.",
            code="consent.refused",
            host=sending.to,
        )


def never_allowed(sending: Sending) -> NodeError:
    return NodeError(
        "You chose never to let this GPT send anything to {host}.",
        "To change this, go to Settings → Data permissions.",
        code="consent.never",
        host=sending.to,
    )


def names_host(message: str, host: str) -> bool:
    """Whether a person wrote the name of a host themselves."""
    return re.search(rf"(?<![\w.-]){re.escape(host)}(?![\w-]|\.\w)", message.lower()) is not None


def _shown(what: str, language: str) -> str:
    if len(what) <= LONGEST:
        return what
    return what[:LONGEST] + "\n" + translate("… and {count} more characters", language, count=len(what) - LONGEST)
