"""What a visitor is told where an answer failed: what it means for them, and nothing of how the GPT is made."""

from flowloom.errors import Problem

AWAY = Problem.of(
    "visit.away", "This GPT can’t be reached right now.", "Your message is kept. Try again in a minute."
)
LIMIT = Problem.of(
    "visit.limit", "This answer reached a limit of this GPT, so it stopped.", "Ask for something smaller."
)
DECLINED = Problem.of("visit.declined", "This GPT can’t answer that.", "Ask in other words.")
FORBIDDEN = Problem.of(
    "visit.forbidden",
    "For this answer, this GPT would have to send something that it may not.",
    "Ask something else, or tell whoever shared it.",
)
FAILED = Problem.of(
    "visit.failed",
    "Something went wrong with this answer.",
    "Try again. If it happens again, tell whoever shared this GPT.",
)
STOPPED = Problem.of("visit.stopped", "You stopped this answer.", "Ask again whenever you like.")

_TOLD = {
    "model.busy": AWAY,
    "model.slow": AWAY,
    "model.down": AWAY,
    "model.unreachable": AWAY,
    "model.quota": AWAY,
    "model.ended": AWAY,
    "model.too_long": LIMIT,
    "budget.steps": LIMIT,
    "budget.seconds": LIMIT,
    "budget.tokens": LIMIT,
    "budget.money": LIMIT,
    "budget.month": AWAY,
    "model.filtered": DECLINED,
    "people.refused": DECLINED,
    "consent.guest": FORBIDDEN,
    "consent.never": FORBIDDEN,
    "consent.refused": FORBIDDEN,
    "run.cancelled": STOPPED,
}
OPEN = ("visit", "publish.none", "publish.down", "question.", "memory.full")
"""How the codes begin of what is said to visitors as it is."""


def for_visitors(problem: Problem) -> Problem:
    """The problem as a visitor reads it."""
    return problem if problem.code.startswith(OPEN) else _TOLD.get(problem.code, FAILED)
