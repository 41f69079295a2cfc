"""Forms of team, a file for each room."""
