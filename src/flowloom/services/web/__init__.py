"""The web as a person reads it: pages, and searches for them."""
