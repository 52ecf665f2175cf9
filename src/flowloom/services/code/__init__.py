"""A closed place for code: two engines, the functions it works on tables with, and its charts."""
