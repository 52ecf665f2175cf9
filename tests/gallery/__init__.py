"""Trials of the store: what stands in it and who looks after it."""
