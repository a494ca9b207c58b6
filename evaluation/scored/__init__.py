"""What the checks are judged by. Whoever tunes them doesn't read this folder: see its README."""
