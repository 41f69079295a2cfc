"""What is medically true: pure functions and sourced tables. No Django, clock or settings."""
