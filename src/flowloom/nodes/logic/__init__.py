"""Blocks that decide which way a flow goes."""
