-- One text for SQLite and PostgreSQL. Times are milliseconds since 1970 in UTC, 0 for none; ids and JSON are TEXT.
-- BYTEA is PostgreSQL's type of bytes. SQLite knows no such name, gives the column NUMERIC affinity for it, and that
-- leaves a BLOB as it is. BOOLEAN is TRUE and FALSE in both, which SQLite keeps as 1 and 0.
-- Foreign keys name the organization wherever they can, so that the database itself refuses what crosses tenants.

-- +goose Up
CREATE TABLE organization (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE cabinet_user (
  id               TEXT PRIMARY KEY,
  organization_id  TEXT NOT NULL REFERENCES organization (id),
  email            TEXT NOT NULL UNIQUE, -- in lower case
  name             TEXT NOT NULL,
  role             TEXT NOT NULL,
  password_hash    TEXT NOT NULL,
  password_expired BOOLEAN NOT NULL,
  created_at       BIGINT NOT NULL
);
CREATE INDEX cabinet_user_by_organization ON cabinet_user (organization_id, email);

CREATE TABLE login (
  token_hash BYTEA PRIMARY KEY,
  user_id    TEXT NOT NULL REFERENCES cabinet_user (id) ON DELETE CASCADE,
  user_agent TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX login_by_user ON login (user_id);
CREATE INDEX login_by_expiry ON login (expires_at);

CREATE TABLE flow (
  id              TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organization (id),
  version         BIGINT NOT NULL, -- the latest
  created_at      BIGINT NOT NULL, -- of the first version
  deleted_at      BIGINT NOT NULL DEFAULT 0,
  UNIQUE (organization_id, id)
);

CREATE TABLE flow_version (
  flow_id    TEXT NOT NULL REFERENCES flow (id),
  version    BIGINT NOT NULL,
  name       TEXT NOT NULL,
  steps      TEXT NOT NULL, -- JSON array
  created_at BIGINT NOT NULL,
  PRIMARY KEY (flow_id, version)
);

CREATE TABLE api_key (
  id              TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organization (id),
  flow_id         TEXT, -- NULL: the organization's own
  masked          TEXT NOT NULL,
  hash            BYTEA NOT NULL UNIQUE,
  sealed          BYTEA, -- NULL once it has been shown
  created_at      BIGINT NOT NULL,
  revoked_at      BIGINT NOT NULL DEFAULT 0,
  FOREIGN KEY (organization_id, flow_id) REFERENCES flow (organization_id, id)
);
CREATE INDEX api_key_by_organization ON api_key (organization_id, flow_id);

CREATE TABLE subscription (
  id              TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organization (id),
  technology      TEXT NOT NULL,
  starts_at       BIGINT NOT NULL,
  ends_at         BIGINT NOT NULL, -- 0: no end
  transactions    BIGINT NOT NULL, -- 0: no limit
  used            BIGINT NOT NULL DEFAULT 0,
  purchased_at    BIGINT NOT NULL,
  CHECK (transactions = 0 OR used <= transactions)
);
CREATE INDEX subscription_by_organization ON subscription (organization_id, technology);

CREATE TABLE session (
  id              TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organization (id),
  flow_id         TEXT NOT NULL,
  flow_version    BIGINT NOT NULL,
  state           TEXT NOT NULL,
  step            BIGINT NOT NULL,
  attempt         BIGINT NOT NULL,
  task            TEXT NOT NULL, -- JSON object
  reference       TEXT NOT NULL,
  metadata        TEXT NOT NULL, -- JSON object or null
  locale          TEXT NOT NULL,
  token_hash      BYTEA NOT NULL UNIQUE,
  wrapped_key     BYTEA NOT NULL,
  events          BIGINT NOT NULL DEFAULT 0, -- how many there are: the last one's sequence
  created_at      BIGINT NOT NULL,
  updated_at      BIGINT NOT NULL,
  expires_at      BIGINT NOT NULL,
  decided_at      BIGINT NOT NULL DEFAULT 0,
  FOREIGN KEY (organization_id, flow_id) REFERENCES flow (organization_id, id),
  FOREIGN KEY (flow_id, flow_version) REFERENCES flow_version (flow_id, version)
);
CREATE INDEX session_newest ON session (organization_id, id);
CREATE INDEX session_newest_by_flow ON session (organization_id, flow_id, id);
CREATE INDEX session_newest_by_state ON session (organization_id, state, id);
CREATE INDEX session_overdue ON session (expires_at) WHERE state IN ('created', 'waiting');
CREATE INDEX session_stuck ON session (updated_at) WHERE state = 'checking';

CREATE TABLE evidence (
  id           TEXT PRIMARY KEY,
  session_id   TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
  step         BIGINT NOT NULL,
  attempt      BIGINT NOT NULL,
  name         TEXT NOT NULL,
  derived      BOOLEAN NOT NULL,
  content_type TEXT NOT NULL,
  size         BIGINT NOT NULL,
  sha256       TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  UNIQUE (session_id, step, attempt, derived, name)
);

CREATE TABLE fact (
  session_id TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  sealed     BYTEA NOT NULL,
  PRIMARY KEY (session_id, name)
);

CREATE TABLE session_check ( -- "check" is SQL's word
  session_id  TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
  number      BIGINT NOT NULL, -- from 1, in the order they were made
  step        BIGINT NOT NULL,
  attempt     BIGINT NOT NULL,
  technology  TEXT NOT NULL,
  verdict     TEXT NOT NULL,
  reasons     TEXT NOT NULL, -- JSON array or null, as the next two
  scores      TEXT NOT NULL,
  models      TEXT NOT NULL,
  report      BYTEA NOT NULL, -- sealed
  started_at  BIGINT NOT NULL,
  finished_at BIGINT NOT NULL,
  PRIMARY KEY (session_id, number),
  UNIQUE (session_id, step, attempt)
);

CREATE TABLE decision (
  session_id TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
  number     BIGINT NOT NULL, -- from 1; the last one counts
  state      TEXT NOT NULL,
  reasons    TEXT NOT NULL, -- JSON array or null
  decided_by TEXT NOT NULL, -- user id; empty: the rules
  comment    TEXT NOT NULL,
  decided_at BIGINT NOT NULL,
  PRIMARY KEY (session_id, number)
);

CREATE TABLE event (
  session_id      TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
  sequence        BIGINT NOT NULL, -- from 1, without gaps
  id              TEXT NOT NULL UNIQUE,
  organization_id TEXT NOT NULL REFERENCES organization (id),
  type            TEXT NOT NULL,
  data            TEXT NOT NULL, -- JSON
  created_at      BIGINT NOT NULL,
  PRIMARY KEY (session_id, sequence)
);
