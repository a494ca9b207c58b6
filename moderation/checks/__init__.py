"""The checks: what would be wrong with a post, said with the clause that forbids it."""
