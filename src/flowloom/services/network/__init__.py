"""Requests to other computers: guarded, permitted, and never turned against this one."""
