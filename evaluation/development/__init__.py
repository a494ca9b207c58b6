"""What the checks may be tuned on."""
