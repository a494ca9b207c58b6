"""The chat platforms, each connected to one application."""
