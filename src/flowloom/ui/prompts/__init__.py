"""Prompts and templates in a form: an editor that knows their names, a preview, and a model that improves them."""
