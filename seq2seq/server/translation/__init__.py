"""What servers of translations need besides models: languages, HTML, files."""
