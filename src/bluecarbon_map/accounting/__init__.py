"""Pure numbers: the carbon that areas hold, and how sure it is."""
