"""What is read from a run afterwards, or from a flow: its state, steps, sources, outline and trace."""
