"""How much of anything an MCP server may give, so that a bad one harms only its own call."""

LINE = 4_000_000
"""Bytes of one message."""
FLOOD = 16_000_000
"""Bytes it may send without being asked anything new."""
MESSAGES = 5_000
"""Messages it may send so."""
SAID = 4_000
"""Bytes kept of what a program writes to its log."""
TOOLS = 500
PAGES = 50
"""Parts in which it may tell its tools."""
SCHEMA = 20_000
"""Characters of the schema of one tool, references resolved."""
NESTED = 60
"""How deep a schema may be nested before it is read at all."""
TEXT = 200_000
"""Characters of text taken from one result."""
DATA = 1_000_000
"""Characters of structured data taken from one result."""
GRACE = 1.0
"""Seconds a program has to end by itself, and again when it is told to."""
CLOSING = 6.0
"""Seconds after which a connection is cut that does not close."""
IDLE = 120.0
"""Seconds a connection is kept for the next call of its conversation."""
OPEN = 24
"""Connections open at once."""
