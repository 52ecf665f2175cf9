"""A flow as one readable Python program on LangGraph and LangChain."""
