"""Reads of team, a file for each room."""
