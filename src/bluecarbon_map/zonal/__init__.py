"""Rasters × zones: class areas and means with exact pixel shares."""
