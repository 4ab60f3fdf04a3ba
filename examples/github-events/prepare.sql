-- sqlite3 events.db < prepare.sql
CREATE TABLE IF NOT EXISTS github_event (
  delivery TEXT PRIMARY KEY,
  event TEXT NOT NULL,
  action TEXT,
  repository TEXT,
  sender TEXT,
  received_at TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS github_event_repository ON github_event (repository, received_at);
