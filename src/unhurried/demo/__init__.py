"""Fictional practices to try Unhurried with and to test it against: nobody in here is real."""
