"""The HTTP server: endpoints of LibreTranslate's and OpenAI's shape and of our own, and the page."""
