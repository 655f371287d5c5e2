"""Reports: tables, Markdown, HTML, pictures."""
