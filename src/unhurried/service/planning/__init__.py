"""Getting to know each other, measures, and the pain management plan (ASM-*, PLN-*, OPI-3)."""
