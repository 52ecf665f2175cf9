"""Readers of texts from outside that are more than one pattern."""

SCANNERS = ()
