"""Flows of other builders: one folder a format, found by content, read and never run."""
