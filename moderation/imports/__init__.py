"""Imports: an office's file as one batch, compared with the register, applied whole or waiting."""
