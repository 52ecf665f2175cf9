"""Blocks that ask a person."""
