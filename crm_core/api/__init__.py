"""The REST interface, mounted under /api in the dashboard's process; it asks the same services as the pages."""
