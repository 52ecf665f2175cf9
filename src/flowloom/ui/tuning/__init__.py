"""Models of one’s own on the page: examples, what it costs, how it goes, and whether it became better."""
