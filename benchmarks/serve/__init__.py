"""One GPT as a service: ours beside bare peers, against the same scripted model server."""
