"""FHIR R4 in: Bundles and bulk NDJSON become the canonical tables, rejects and a full account."""
