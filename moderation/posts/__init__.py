"""Posts: two people for everything that a school says in public."""
