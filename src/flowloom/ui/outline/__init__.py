"""The outline: the flow as sentences, and edits by choosing, for whoever does without the canvas."""
