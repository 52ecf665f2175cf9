"""Chatflows and agentflows of Flowise, as its JSON files hold them."""
