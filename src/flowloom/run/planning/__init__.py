"""What is known of a run before it starts: the plan, its problems, and what it will take."""
