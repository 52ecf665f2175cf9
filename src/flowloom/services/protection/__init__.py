"""Keeps what a GPT knows and must not hand out from leaving it."""
