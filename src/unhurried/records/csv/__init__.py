"""CSV extracts: EMIS- and SystmOne-style exports, any encoding and dialect, usual headings."""
