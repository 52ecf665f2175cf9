"""The chat: what was said, answers with their sources, and the run under way."""
