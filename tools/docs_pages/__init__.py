"""The pages that `build_docs.py` writes."""
