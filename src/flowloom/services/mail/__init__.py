"""E-mail: the account it is sent from, and the way to its server."""
