"""Blocks that compute or reach other computers."""
