"""The way in for everybody who speaks through a chat platform."""
