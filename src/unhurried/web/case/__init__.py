"""The case page: what happened with one person, on one timeline (issue 4, part 5; design 6)."""
