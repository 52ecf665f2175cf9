"""Pieces of source that are copied into exported programs, as far as a flow needs them."""
