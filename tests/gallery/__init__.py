"""Screenshots of every page at every size in both themes, to be looked at."""
