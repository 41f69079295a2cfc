"""The self-assessment diary a person keeps, on a telephone or on paper (SAW-1, SAW-2)."""
