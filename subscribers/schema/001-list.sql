-- 001-list.sql - the people, what they agreed to, and who must not be mailed.
-- Migrations run once, in order, in one transaction each; never edit a
-- released one, add the next. Times are UTC milliseconds.

-- Ids are never reused and fit two bytes: tokens carry them.
CREATE TABLE list (
	id   INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id BETWEEN 1 AND 65535),
	key  TEXT    NOT NULL UNIQUE
) STRICT;

-- --- imports
--
-- An import is applied in many short transactions and becomes visible in one:
-- its new rows carry its number in `batch`, its news about known people wait
-- in next_*, and the views leave out whatever is above `shown`. Publishing is
-- to raise `shown`; afterwards next_* is moved in place at leisure. Killed
-- before that moment the rows are thrown away, after it the move is finished.

CREATE TABLE import_clock (
	one    INTEGER PRIMARY KEY CHECK (one = 1),
	shown  INTEGER NOT NULL            -- the newest batch that all may see
) STRICT;
INSERT INTO import_clock VALUES (1, 0);

CREATE TABLE import_batch (
	id       INTEGER PRIMARY KEY,
	file     TEXT    NOT NULL,
	who      TEXT    NOT NULL,
	at       INTEGER NOT NULL,
	settled  INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1))
) STRICT;
-- One at a time.
CREATE UNIQUE INDEX import_batch_open ON import_batch (settled)
	WHERE settled = 0;

-- --- people

CREATE TABLE subscriber (
	id          INTEGER PRIMARY KEY CHECK (id > 0),  -- random
	key         TEXT    NOT NULL UNIQUE,             -- address_key()
	address     TEXT    NOT NULL,                    -- as it was written
	name        TEXT    NOT NULL DEFAULT '',
	first_name  TEXT    NOT NULL DEFAULT '',
	last_name   TEXT    NOT NULL DEFAULT '',
	language    TEXT    NOT NULL DEFAULT '',
	tags        TEXT    NOT NULL DEFAULT '',         -- sorted, ';' between
	attributes  TEXT    NOT NULL DEFAULT '{}',       -- a JSON object
	joined_at   INTEGER NOT NULL,
	suppressed  TEXT    NOT NULL DEFAULT '',  -- the reason, kept here too so
	                                          -- that the audience needs no
	                                          -- second look-up
	batch       INTEGER NOT NULL DEFAULT 0,   -- of the import that made it
	next_batch  INTEGER,                      -- of the import that has news
	next_name        TEXT,                    -- its news; NULL: none
	next_first_name  TEXT,
	next_last_name   TEXT,
	next_language    TEXT,
	next_tags        TEXT,
	next_attributes  TEXT,
	next_joined_at   INTEGER
) STRICT;
CREATE INDEX subscriber_next ON subscriber (next_batch)
	WHERE next_batch IS NOT NULL;

-- In the order in which an issue is frozen: list, then person.
CREATE TABLE subscription (
	list_id        INTEGER NOT NULL REFERENCES list (id),
	subscriber_id  INTEGER NOT NULL REFERENCES subscriber (id),
	state          TEXT    NOT NULL CHECK (state IN (
	                   'pending', 'confirmed', 'unsubscribed', 'bounced',
	                   'complained')),
	changed_at     INTEGER NOT NULL,
	batch          INTEGER NOT NULL DEFAULT 0,
	next_state     TEXT    CHECK (next_state IN (
	                   'pending', 'confirmed', 'unsubscribed', 'bounced',
	                   'complained')),
	next_batch     INTEGER,
	CHECK ((next_state IS NULL) = (next_batch IS NULL)),
	PRIMARY KEY (list_id, subscriber_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX subscription_of ON subscription (subscriber_id);
CREATE INDEX subscription_next ON subscription (next_batch)
	WHERE next_batch IS NOT NULL;

-- What was agreed to, and when: only ever added to. With a batch the words are
-- "import FILE by WHO" of that import, and not said a million times over.
CREATE TABLE consent (
	subscriber_id  INTEGER NOT NULL REFERENCES subscriber (id),
	at             INTEGER NOT NULL,
	list_id        INTEGER NOT NULL,          -- 0: of no single list
	batch          INTEGER NOT NULL DEFAULT 0,
	what           TEXT    NOT NULL DEFAULT '',
	PRIMARY KEY (subscriber_id, at, list_id, batch, what)
) STRICT, WITHOUT ROWID;

-- Never to be mailed again. Only a keyed hash of the address's key, so that
-- it holds when everything else about the person has been erased.
CREATE TABLE suppression (
	hash    TEXT    PRIMARY KEY,
	reason  TEXT    NOT NULL CHECK (reason <> ''),
	at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- --- what others may read

-- Everybody visible, as they are now.
CREATE VIEW list_person AS
SELECT s.id AS subscriber_id, s.key AS key, s.address AS address,
       iif(s.next_batch <= c.shown, coalesce(s.next_name, s.name),
           s.name) AS name,
       iif(s.next_batch <= c.shown, coalesce(s.next_first_name, s.first_name),
           s.first_name) AS first_name,
       iif(s.next_batch <= c.shown, coalesce(s.next_last_name, s.last_name),
           s.last_name) AS last_name,
       iif(s.next_batch <= c.shown, coalesce(s.next_language, s.language),
           s.language) AS language,
       iif(s.next_batch <= c.shown, coalesce(s.next_joined_at, s.joined_at),
           s.joined_at) AS joined_at,
       iif(s.next_batch <= c.shown, coalesce(s.next_tags, s.tags),
           s.tags) AS tags,
       iif(s.next_batch <= c.shown, coalesce(s.next_attributes, s.attributes),
           s.attributes) AS attributes,
       s.suppressed AS suppressed
  FROM import_clock c CROSS JOIN subscriber s
 WHERE c.one = 1 AND s.batch <= c.shown;

CREATE VIEW list_reader AS
SELECT subscriber_id, address, name, first_name, last_name, language,
       joined_at, tags, attributes
  FROM list_person;

-- Every subscription, as it is now.
CREATE VIEW list_standing AS
SELECT q.list_id AS list_id, q.subscriber_id AS subscriber_id,
       iif(q.next_batch <= c.shown, q.next_state, q.state) AS state,
       iif(q.next_batch <= c.shown,
           (SELECT b.at FROM import_batch b WHERE b.id = q.next_batch),
           q.changed_at) AS changed_at,
       q.batch AS batch
  FROM import_clock c CROSS JOIN subscription q
 WHERE c.one = 1 AND q.batch <= c.shown;

-- May this one be mailed for this list? `batch` is the import that made the
-- subscription what it is: who freezes in several transactions notes
-- list_shown.batch first and takes only rows up to it, so that an import
-- counts whole or not at all.
CREATE VIEW list_active AS
SELECT q.list_id AS list_id, q.subscriber_id AS subscriber_id,
       iif(q.next_batch <= c.shown, q.next_batch, q.batch) AS batch
  FROM import_clock c CROSS JOIN subscription q CROSS JOIN subscriber s
 WHERE c.one = 1 AND q.batch <= c.shown
   AND s.id = q.subscriber_id AND s.batch <= c.shown AND s.suppressed = ''
   AND iif(q.next_batch <= c.shown, q.next_state, q.state) = 'confirmed';

CREATE VIEW list_shown AS
SELECT shown AS batch FROM import_clock WHERE one = 1;

-- The columns of list_reader for everybody in list_active.
CREATE VIEW list_audience AS
SELECT a.list_id AS list_id, a.batch AS batch,
       a.subscriber_id AS subscriber_id, p.address AS address,
       p.name AS name, p.first_name AS first_name,
       p.last_name AS last_name, p.language AS language,
       p.joined_at AS joined_at, p.tags AS tags, p.attributes AS attributes
  FROM list_active a CROSS JOIN list_person p
 WHERE p.subscriber_id = a.subscriber_id;
