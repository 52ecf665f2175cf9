"""What programs use: published GPTs as models, with a key."""
