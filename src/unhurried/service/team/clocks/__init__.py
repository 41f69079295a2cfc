"""The clocks of the team, a file for each room."""
