"""File formats read safely: sheets, text encodings, pictures, sounds and drawings."""
