"""``schoolgate policy``: which policies there are, what each asks, and how two differ."""
