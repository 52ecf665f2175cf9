"""The prompt studio on the page: writing, asking, reading token by token, comparing."""
