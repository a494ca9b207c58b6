"""Videos: what tells where, when and with what they were taken is wiped; nothing is re-encoded."""
