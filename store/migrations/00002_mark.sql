-- What was shown in a session, as keyed hashes: enough to see that the same thing comes again, not what it is.

-- +goose Up
CREATE TABLE mark_key (
  organization_id TEXT PRIMARY KEY REFERENCES organization (id),
  sealed          BYTEA NOT NULL -- the key that this organization's marks are hashed with
);

CREATE TABLE mark (
  session_id      TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
  kind            TEXT NOT NULL, -- of thing, "document"
  hash            BYTEA NOT NULL,
  holder          BYTEA NOT NULL, -- hash of whose it is said to be
  organization_id TEXT NOT NULL REFERENCES organization (id),
  created_at      BIGINT NOT NULL,
  PRIMARY KEY (session_id, kind, hash, holder)
);
CREATE INDEX mark_by_hash ON mark (organization_id, kind, hash);
