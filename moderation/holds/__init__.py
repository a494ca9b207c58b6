"""Holds: all posts of a school, or of the whole trust, wait until somebody starts them again."""
