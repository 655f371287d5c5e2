"""Short English and Chinese reports with summaries."""
