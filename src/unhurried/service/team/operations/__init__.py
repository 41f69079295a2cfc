"""Writes of team, a file for each room."""
