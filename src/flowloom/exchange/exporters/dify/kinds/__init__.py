"""What becomes of each kind of block in Dify."""
