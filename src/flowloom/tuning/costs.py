"""What a fine-tuning costs, before it begins: tokens, times how often they are read, times the price.

Prices of training change, and no list of them was found that could be checked: whoever begins one says it.
"""


def cost_of(tokens: int, epochs: int, price: float | None) -> float | None:
    """In US dollars, at a price for a million tokens; None where that is unknown, which is never nothing."""
    return None if price is None else tokens * epochs * price / 1_000_000
