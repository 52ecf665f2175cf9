"""The prompt studio: prompts as small programs, asked many times, read token by token, kept in versions."""
