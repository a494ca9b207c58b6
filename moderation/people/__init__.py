"""People: who they are, which school they belong to, and what they may do at this moment."""
