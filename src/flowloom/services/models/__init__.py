"""Chat models of every vendor, and one that needs none."""
