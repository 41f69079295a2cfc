"""What may happen now of team, a file for each room."""
