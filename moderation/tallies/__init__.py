"""Tallies: on a busy morning, one card that counts instead of many that shout."""
