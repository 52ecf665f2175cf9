"""Projects of Rivet."""
