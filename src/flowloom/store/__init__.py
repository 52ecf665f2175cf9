"""What is kept: flows as files, runs and conversations in SQLite, templates that travel with the app."""
