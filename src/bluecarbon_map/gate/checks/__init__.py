"""What is asked of what a file says: place, shape, plausibility."""
