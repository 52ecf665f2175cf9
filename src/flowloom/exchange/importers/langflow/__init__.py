"""Flows of Langflow, as its JSON files hold them."""
