"""People: register, log in, log out, own data."""
