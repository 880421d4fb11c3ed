"""Settings of the web application, read from the environment."""
