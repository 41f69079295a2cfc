"""Patients: the person, how to reach them, what they consented to, their time with the service."""
