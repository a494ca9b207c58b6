"""Names that a school keeps because they aren't pupils': asked by one person, agreed by another."""
