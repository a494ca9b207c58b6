"""Policy packs: what a school's own policy forbids, asks and tolerates, as data."""
