"""Forms of shared care, a file for each room."""
