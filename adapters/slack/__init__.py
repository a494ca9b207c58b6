"""Slack, thin over the core: payloads in, cards out."""
