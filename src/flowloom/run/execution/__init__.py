"""What happens in a run: scheduling, tools, questions to people, and the journal of it all."""
