"""A GPT built by talking: what a model, or rules, propose; what of it may be done; and what it changed."""
