"""The endpoints of the HTTP server: LibreTranslate's, OpenAI's and our own, and the application of all of them."""
