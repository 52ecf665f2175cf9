"""Databases of the person: which there are, and asking them without changing them unless that is allowed."""
