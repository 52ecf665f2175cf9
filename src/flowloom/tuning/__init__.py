"""Models of one's own: examples are gathered and checked, a provider tunes a model on them, and it is compared."""
