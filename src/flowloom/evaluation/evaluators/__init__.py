"""What is measured of an answer, one module for each thing that it is read from."""
