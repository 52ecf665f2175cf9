"""A GPT as a whole: making one, what it says of itself, its history, limits and protection."""
