"""What a store tells about itself: a table of GPTs, loaded once and asked from many sides."""
