"""A GPT as a form: what the panel Configure shows of a flow, and the edits that each of its choices is."""
