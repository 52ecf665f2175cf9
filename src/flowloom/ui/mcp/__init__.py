"""MCP servers: connecting them, and choosing their tools."""
