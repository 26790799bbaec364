-- 004-queue.sql - what a relay was asked to take, and how fast it likes that.

-- MAIL commands that were said, by slices of time. A window of a quota is the
-- sum of its slices; there are a thousand to a window.
CREATE TABLE quota_use (
	relay    TEXT NOT NULL,
	span_ms  INTEGER NOT NULL,                 -- how long the window is
	until    INTEGER NOT NULL,                 -- the slice's end, quota time
	count    INTEGER NOT NULL,
	PRIMARY KEY (relay, span_ms, until)
) STRICT, WITHOUT ROWID;

-- Quota time: goes forward with the machine's own time, whatever the clock on
-- the wall is set to. One row.
CREATE TABLE quota_clock (
	id       INTEGER PRIMARY KEY CHECK (id = 1),
	boot_id  TEXT NOT NULL,
	boot_ms  INTEGER NOT NULL,
	utc_ms   INTEGER NOT NULL,
	at       INTEGER NOT NULL                  -- the same moment, quota time
) STRICT;

-- The first MAIL command: a warm-up counts its days from there.
CREATE TABLE quota_first (
	relay    TEXT PRIMARY KEY,
	at       INTEGER NOT NULL                  -- quota time
) STRICT, WITHOUT ROWID;

-- Thousandths of letters a second at which a destination last complained.
CREATE TABLE pace_limit (
	relay    TEXT NOT NULL,
	lane     TEXT NOT NULL,                    -- '*' is the relay itself
	speed    INTEGER NOT NULL,
	at       INTEGER NOT NULL,                 -- UTC ms
	PRIMARY KEY (relay, lane)
) STRICT, WITHOUT ROWID;
