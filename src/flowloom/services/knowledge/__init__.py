"""Documents a GPT knows: read, cut into passages, indexed and searched."""
