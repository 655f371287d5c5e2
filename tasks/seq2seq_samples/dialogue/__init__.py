"""English and Chinese conversations whose answers depend on earlier turns."""
