"""The languages of the report."""
