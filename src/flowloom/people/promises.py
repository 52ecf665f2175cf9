"""What happens with the chats of a workspace, sentence by sentence: each has a test of its own."""

from typing import NamedTuple

from flowloom.store.backups import DAYS
from flowloom.store.deeds import KEPT
from flowloom.store.retention import DAY


class Promise(NamedTuple):
    """A sentence in English, as it is translated, and the numbers in it."""

    text: str
    numbers: dict[str, int] = {}  # noqa: RUF012


KEPT_ON = "Conversations and runs are kept until somebody deletes them."
KEPT_FOR = "Conversations and runs are deleted {days} days after the last message."
BACKUPS = "What is deleted stays in the daily backups for up to {days} more days."
PROMISES = (
    Promise("Whoever made a GPT can’t read what you write to it, unless you share a conversation with them."),
    Promise(
        "Admins can’t read it either. One could make a link for a new password and sign in as you: "
        "that would sign you out everywhere, and the log would name who made it."
    ),
    Promise("It lies on the disk of this server. Whoever runs the server could look there."),
    Promise("Nothing you write trains a model here, and no GPT learns from it for anybody else."),
    Promise("To answer, a GPT sends your words to its model, and to the hosts that its page names."),
    Promise("On the page of a GPT you can download all you said to it, and delete it."),
    Promise("When a GPT gets another owner, what was said to it before stays as private as it was."),
    Promise("When an account is deleted, its chats go with it, or nobody can read them until they are deleted."),
    Promise(
        "The log says who signed in, shared something or changed settings, never what was said. "
        "It goes back {days} days.",
        {"days": int(KEPT // DAY)},
    ),
    Promise("Admins see how much each group uses GPTs and what that costs, never who asked, or what."),
)


def promises(keep_days: int | None) -> tuple[Promise, ...]:
    """All of them, with how long this workspace keeps what is said."""
    kept = Promise(KEPT_ON) if keep_days is None else Promise(KEPT_FOR, {"days": keep_days})
    return (*PROMISES, kept, Promise(BACKUPS, {"days": DAYS}))
