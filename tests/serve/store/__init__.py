"""Trials of the pages of the store."""
