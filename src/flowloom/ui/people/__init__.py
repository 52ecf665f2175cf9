"""The people of a team, as the app shows them: oneself, and for admins all others."""
