"""Trying a GPT on many rows: its datasets, experiments and kept chats."""
