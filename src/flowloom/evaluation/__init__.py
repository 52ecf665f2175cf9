"""Whether a change made a GPT better: rows to try it on, what to measure, experiments and kept chats."""
