"""Our HTTP routes beside the pages."""
