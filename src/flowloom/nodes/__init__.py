"""The block kinds, one file each, by the groups of the palette."""
