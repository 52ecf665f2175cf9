"""MCP servers: programs and addresses that offer tools, connected by this computer's owner."""
