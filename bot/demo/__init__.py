"""The demonstration: an invented trust, its people, pupils, accounts and a month of posts."""
