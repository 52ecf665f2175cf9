"""How other assistants are let in to published GPTs by OAuth 2.1, as MCP describes it."""
