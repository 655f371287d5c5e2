"""One recipe per public corpus, each as ``RECIPE``."""
