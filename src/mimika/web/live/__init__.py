"""The camera's picture, classified in the browser: nothing of it is sent here."""
