-- mkdir -p incoming; sqlite3 till.db < prepare.sql
CREATE TABLE IF NOT EXISTS price (sku TEXT PRIMARY KEY, title TEXT, price TEXT NOT NULL, valid_from TEXT NOT NULL) STRICT;
