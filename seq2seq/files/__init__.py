"""Files on the disk: whole or not at all, with bounds, and checked part by part."""
