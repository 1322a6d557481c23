"""What is known becomes one row per customer."""
