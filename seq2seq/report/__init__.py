"""Evaluation reports: contents, tables, Markdown, terminal."""
