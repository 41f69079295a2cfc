"""The ways in for people: settings, URLs, base templates, the home page of each role."""
