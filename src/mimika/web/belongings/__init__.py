"""All that is somebody's, over all apps: to take along and to delete."""
