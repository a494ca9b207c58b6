"""The record itself: its checkpoints, the key that signs them, and what was taken out of it."""
