-- 001-list.sql - people, what they agreed to, and who must not be mailed.
-- Migrations run once, in order; never edit a released one, add the next.

CREATE TABLE list (
	id   INTEGER PRIMARY KEY AUTOINCREMENT,    -- in tokens: never reused
	key  TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE subscriber (
	id         INTEGER PRIMARY KEY,            -- random: goes into tokens
	key        TEXT NOT NULL UNIQUE,           -- the address, comparable
	address    TEXT NOT NULL,                  -- as the envelope has it
	name       TEXT NOT NULL DEFAULT '',
	first_name TEXT NOT NULL DEFAULT '',
	last_name  TEXT NOT NULL DEFAULT '',
	language   TEXT NOT NULL DEFAULT '',
	tags       TEXT NOT NULL DEFAULT '',       -- a;b
	attributes TEXT NOT NULL DEFAULT '{}',     -- JSON
	joined_at  INTEGER NOT NULL,               -- UTC milliseconds
	suppressed TEXT NOT NULL DEFAULT '',       -- the reason, kept in step
	                                           -- with suppression below
	batch      INTEGER NOT NULL DEFAULT 0      -- the import it came with
) STRICT;
CREATE INDEX subscriber_batch ON subscriber (batch) WHERE batch > 0;

CREATE TABLE subscription (
	list_id       INTEGER NOT NULL REFERENCES list (id),
	subscriber_id INTEGER NOT NULL REFERENCES subscriber (id),
	state         TEXT NOT NULL CHECK (state IN (
	                  'pending', 'confirmed', 'unsubscribed', 'bounced',
	                  'complained')),
	changed_at    INTEGER NOT NULL,
	batch         INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (list_id, subscriber_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX subscription_person ON subscription (subscriber_id);
CREATE INDEX subscription_batch ON subscription (batch) WHERE batch > 0;

-- Evidence of consent: only ever added to.
CREATE TABLE consent (
	id            INTEGER PRIMARY KEY,
	subscriber_id INTEGER NOT NULL,
	list_id       INTEGER NOT NULL,            -- 0: all of them
	at            INTEGER NOT NULL,
	what          TEXT NOT NULL,
	batch         INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX consent_person ON consent (subscriber_id, at);
CREATE INDEX consent_batch ON consent (batch) WHERE batch > 0;

-- Never to be mailed again. Only a keyed hash: it outlives erasure.
CREATE TABLE suppression (
	hash   TEXT PRIMARY KEY,
	reason TEXT NOT NULL,
	at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row: the import that is being applied. What carries its number is
-- invisible to the views below until `running` is 0 again.
CREATE TABLE import_state (
	one     INTEGER PRIMARY KEY CHECK (one = 1),
	last    INTEGER NOT NULL,                  -- number of the latest
	running INTEGER NOT NULL,
	process INTEGER NOT NULL
) STRICT;
INSERT INTO import_state VALUES (1, 0, 0, 0);

CREATE VIEW list_reader AS
SELECT id AS subscriber_id, address, name, first_name, last_name, language,
       joined_at, tags, attributes
  FROM subscriber
 WHERE batch = 0 OR batch <> (SELECT running FROM import_state);

-- Who is confirmed on a list and not suppressed.
CREATE VIEW list_audience AS
SELECT p.list_id, p.subscriber_id, s.address, s.name, s.first_name,
       s.last_name, s.language, s.joined_at, s.tags, s.attributes
  FROM subscription AS p
  JOIN subscriber AS s ON s.id = p.subscriber_id
 WHERE p.state = 'confirmed' AND s.suppressed = ''
   AND (p.batch = 0 OR p.batch <> (SELECT running FROM import_state));

-- The same question for one person: asked again at every claim.
CREATE VIEW list_active AS
SELECT p.list_id, p.subscriber_id
  FROM subscription AS p
  JOIN subscriber AS s ON s.id = p.subscriber_id
 WHERE p.state = 'confirmed' AND s.suppressed = '';
