"""Blocks for pictures and voices."""
