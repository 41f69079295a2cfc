"""Every clock of the service in one place, for its manager (issue 5; H07, H23, H24).

It stands above the apps: what waits comes from all of them.
"""
