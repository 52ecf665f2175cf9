"""Programs that OpenAI's Agent Builder exports for its Agents SDK, in Python and in TypeScript."""
