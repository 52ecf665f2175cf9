"""GPTs as files that travel: what is in them, and how they are read without trusting them."""
