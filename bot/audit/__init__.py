"""What is made of the record for people: signing it, exporting it, verifying it."""
