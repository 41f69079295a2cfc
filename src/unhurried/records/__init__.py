"""GP records in: CSV extracts, FHIR R4 and OMOP become checked tables and rejects, nothing lost."""
