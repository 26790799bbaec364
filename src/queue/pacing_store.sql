-- pacing_store.sql - what was learnt of a relay's speed.

-- name: load
SELECT lane, speed FROM pace_limit WHERE relay = :relay AND at > :since;

-- name: save
INSERT INTO pace_limit (relay, lane, speed, at)
VALUES (:relay, :lane, :speed, :now)
ON CONFLICT (relay, lane) DO UPDATE SET speed = :speed, at = :now;

-- name: forget
DELETE FROM pace_limit WHERE relay = :relay AND at <= :since;
