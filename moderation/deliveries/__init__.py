"""What could not be delivered, told to whoever runs the school."""
