"""The parts of the page Knowledge: the shared bases, and what is in one."""
