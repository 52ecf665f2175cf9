"""Models that run on this computer itself, out of a GGUF file."""
