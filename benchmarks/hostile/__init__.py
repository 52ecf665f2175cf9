"""What the worst text of a stranger costs: every pattern and reader of the app, fed the shapes it likes least."""
