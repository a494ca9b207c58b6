"""Incidents: a worry about a child goes privately to whoever must know, until somebody has it."""
