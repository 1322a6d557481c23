"""Tables, sessions, questions and migrations; SQL lives here."""
