"""What a program says for each kind of block."""
