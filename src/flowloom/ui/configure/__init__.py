"""The panel Configure: a GPT as a form, which is the same flow as the canvas."""
