-- 002-queue.sql - frozen issues, and one row for every issue and subscriber.
-- Times are UTC milliseconds.

CREATE TABLE issue (
	id          INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id < 4294967296),
	slug        TEXT NOT NULL UNIQUE,          -- never frozen a second time
	title       TEXT NOT NULL,
	subject     TEXT NOT NULL,
	list_id     INTEGER NOT NULL,
	state       TEXT NOT NULL CHECK (state IN (
	                'freezing', 'ready', 'paused', 'cancelled')),
	frozen_at   INTEGER NOT NULL,
	not_after   INTEGER NOT NULL,              -- no try after this
	total       INTEGER NOT NULL DEFAULT 0,
	upto        INTEGER NOT NULL DEFAULT 0,    -- last subscriber frozen
	batch       INTEGER NOT NULL,              -- newest import that counts
	revision    INTEGER NOT NULL,
	source_hash TEXT NOT NULL,
	uses        INTEGER NOT NULL,              -- fields kept for each row
	attributes  TEXT NOT NULL                  -- JSON list of their paths
) STRICT;
CREATE INDEX issue_open ON issue (id) WHERE state = 'ready';

CREATE TABLE revision (
	issue_id INTEGER NOT NULL REFERENCES issue (id),
	number   INTEGER NOT NULL,
	form     BLOB NOT NULL,                    -- what all letters share
	PRIMARY KEY (issue_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery (
	issue_id      INTEGER NOT NULL REFERENCES issue (id),
	ordinal       INTEGER NOT NULL,
	subscriber_id INTEGER NOT NULL,
	address       TEXT NOT NULL,               -- as of the freeze
	fields        TEXT NOT NULL,               -- 0x1f between; see ledger.h
	revision      INTEGER NOT NULL,
	state         TEXT NOT NULL DEFAULT 'queued' CHECK (state IN (
	                  'queued', 'claimed', 'deferred', 'uncertain', 'sent',
	                  'failed', 'skipped', 'held', 'expired', 'bounced',
	                  'complained')),
	attempts      INTEGER NOT NULL DEFAULT 0,
	at            INTEGER NOT NULL,            -- of the last change
	due_at        INTEGER NOT NULL DEFAULT 0,
	date_ms       INTEGER NOT NULL DEFAULT 0,  -- set by the first claim
	owner         INTEGER NOT NULL DEFAULT 0,  -- of the latest claim
	epoch         INTEGER NOT NULL DEFAULT 0,  -- its number: fences it
	lease_until   INTEGER,
	code          INTEGER NOT NULL DEFAULT 0,
	status        TEXT NOT NULL DEFAULT '',
	reply         TEXT NOT NULL DEFAULT '',    -- the relay's own words
	PRIMARY KEY (issue_id, ordinal),
	CHECK ((state = 'claimed') = (lease_until IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- Nobody gets an issue twice, however often it is frozen or sent.
CREATE UNIQUE INDEX delivery_once ON delivery (issue_id, subscriber_id);

-- Only what waits is indexed: the indexes are as small as the backlog however
-- long the history grows.
CREATE INDEX delivery_due ON delivery (issue_id, due_at)
	WHERE state IN ('queued', 'deferred');
CREATE INDEX delivery_claimed ON delivery (owner) WHERE state = 'claimed';
CREATE INDEX delivery_uncertain ON delivery (due_at) WHERE state = 'uncertain';

-- Every try that did not end in `sent`.
CREATE TABLE attempt (
	issue_id INTEGER NOT NULL,
	ordinal  INTEGER NOT NULL,
	epoch    INTEGER NOT NULL,
	at       INTEGER NOT NULL,
	state    TEXT NOT NULL,                    -- what it led to
	relay    TEXT NOT NULL,
	stage    TEXT NOT NULL,
	code     INTEGER NOT NULL,
	status   TEXT NOT NULL,
	reply    TEXT NOT NULL,
	PRIMARY KEY (issue_id, ordinal, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE dispatcher (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	boot_id     TEXT NOT NULL,
	enlisted_at INTEGER NOT NULL
) STRICT;
