"""OpenAI's Assistants, and its prompt objects, as the API gives them."""
