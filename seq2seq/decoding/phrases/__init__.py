"""Words and phrases that outputs must or must not contain."""
