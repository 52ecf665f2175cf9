"""Models that draw, speak and listen."""
