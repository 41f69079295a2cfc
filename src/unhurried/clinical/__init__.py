"""What is medically true: pure functions and sourced data tables. No Django, no clock, no settings."""
