"""The store as builders and admins see it in the app."""
