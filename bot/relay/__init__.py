"""The relay: from the outbox to the world, with today's truth.

Effects are stored as symbols in the transaction that caused them. Here they become deliveries: a
card is redrawn while it shows less than is wanted, a private message is sent once, a release is
handed out at most once by itself.
"""
