"""What `benchmarks.ui` measures, one thing to a file."""
