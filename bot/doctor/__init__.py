"""``schoolgate doctor``: everything that is wrong at once, each with what to do about it."""
