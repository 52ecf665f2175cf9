"""The benchmarks’ own material is sound."""
