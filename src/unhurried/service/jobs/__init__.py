"""Jobs: work in the background that survives a killed worker."""
