"""Jottings: a post that begins as a message to us, and is asked about until it can be proposed."""
