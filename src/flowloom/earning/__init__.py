"""Earning: prices, payments, the books of who earned what, statements and payouts."""
