"""The pages of the app, one module each, each with a `show()`."""
