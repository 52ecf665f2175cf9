"""The app of a team: who is let in where, and the pages by which people come in."""
