"""What a flow is: the model, its file, its graph, and the edits that change it."""
