"""Meeting: appointments, what was done together, resources, continuity (SES-*, CON-*)."""
