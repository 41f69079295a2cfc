"""What may happen now of shared care, a file for each room."""
