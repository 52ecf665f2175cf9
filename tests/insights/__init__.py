"""Trials of Insights."""
