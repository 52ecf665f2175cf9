"""Blocks that ask a language model."""
