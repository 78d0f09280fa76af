"""Readers of one format each: what the file says, nothing more."""
