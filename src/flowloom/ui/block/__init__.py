"""The panel of one block: its form, how it is run, and trying it."""
