"""The web application: a Django project that reaches inference over HTTP only."""
