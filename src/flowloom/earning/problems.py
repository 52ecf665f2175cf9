"""What cannot be sold, bought or paid out, and why."""

from flowloom.errors import FlowloomError, Problem


class EarningError(FlowloomError):
    """What cannot be done with money, or not by whoever asks."""

    code = "earning"


NO_ORDER = Problem.of("earning.none", "There is no order at this address.", "Look for the GPT in the store.")
NO_PRICE = Problem.of("earning.free", "This GPT costs nothing.", "Choose “Chat now” on its page.")
NOT_OPEN = Problem.of(
    "earning.closed", "Nothing can be bought here right now.", "Ask whoever looks after this store."
)
WRONG_CODE = Problem.of(
    "earning.code", "This code doesn’t work for this GPT.", "Check each sign. A code works only once."
)
FORGED = Problem.of(
    "earning.forged", "This message isn’t signed by the payment service.", "Check the signing secret in Settings."
)
