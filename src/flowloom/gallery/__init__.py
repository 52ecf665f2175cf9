"""The store: what is published for everybody, found, ranked by real use, looked after and reviewed."""
