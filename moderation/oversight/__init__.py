"""Oversight: what nobody asked about and somebody must hear of."""
