"""What a block kind is: its ports, its form, its function and what it may ask of the outside world."""
