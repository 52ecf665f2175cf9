"""Pieces of source for programs on the Agents SDK, in the place of those on LangGraph and LangChain."""
