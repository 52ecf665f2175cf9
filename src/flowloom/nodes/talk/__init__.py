"""Blocks that talk with the person."""
