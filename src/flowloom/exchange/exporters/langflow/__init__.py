"""A flow as a flow of Langflow."""
