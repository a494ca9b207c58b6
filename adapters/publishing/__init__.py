"""Where an approved post goes: to the people who post, or into a folder that a program reads."""
