"""Runs: the list of all there were, and one of them as a timeline."""
