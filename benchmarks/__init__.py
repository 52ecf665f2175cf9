"""One command, `make bench`, prints every table."""
