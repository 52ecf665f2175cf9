"""A closed place for code: its engines, the functions Python works on tables with, and its charts."""
