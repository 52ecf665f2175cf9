"""Blocks that read what the GPT knows."""
