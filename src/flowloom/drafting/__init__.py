"""A first version of a GPT from a sentence that says what it is for."""
