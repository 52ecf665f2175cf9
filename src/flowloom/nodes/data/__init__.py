"""Blocks that hold, shape and pass on data."""
