"""Visitors of what is published: who they are, what they say, and that it is theirs."""
