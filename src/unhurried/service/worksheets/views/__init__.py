"""The pages of worksheets: the person's own, a worker's on their behalf, with a code, for a GP."""
