"""Finding pupils' names: is this one of *our* pupils? A lookup, never a guess about persons."""
