"""A flow as a Python program on the OpenAI Agents SDK."""
