"""Blocks that hold a flow, and the ways into and out of it."""
