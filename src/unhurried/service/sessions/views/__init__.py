"""The pages of appointments, sessions, resources given, and what a manager keeps."""
