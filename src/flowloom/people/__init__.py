"""The people of a team: how they come in, how they are known again, and what is whose."""
