"""The kinds of thing that wait, a file for each room, and whom a late one is written to."""
