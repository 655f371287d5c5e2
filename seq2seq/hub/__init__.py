"""Models and datasets of the Hugging Face Hub, by names that begin with `hf:`."""
