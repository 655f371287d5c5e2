"""Translation files and documents: their texts out, translations back in, and the same format written again."""
