-- quota.sql - every statement of the quotas.

-- name: clock
SELECT boot_id, boot_ms, utc_ms, at FROM quota_clock WHERE id = 1;

-- name: set_clock
INSERT INTO quota_clock (id, boot_id, boot_ms, utc_ms, at)
VALUES (1, :boot, :boot_ms, :utc_ms, :at)
ON CONFLICT (id) DO UPDATE
   SET boot_id = :boot, boot_ms = :boot_ms, utc_ms = :utc_ms, at = :at;

-- name: first
SELECT at FROM quota_first WHERE relay = :relay;

-- name: set_first
INSERT INTO quota_first (relay, at) VALUES (:relay, :at)
ON CONFLICT (relay) DO NOTHING;

-- name: in_hand
-- Claimed, by whomever: their MAIL commands may be said at any moment.
SELECT count(*) FROM delivery WHERE state = 'claimed'; -- scan ok

-- name: used
SELECT coalesce(sum(count), 0) FROM quota_use
 WHERE relay = :relay AND span_ms = :span AND until > :from;

-- name: slices
SELECT until, count FROM quota_use
 WHERE relay = :relay AND span_ms = :span AND until > :from ORDER BY until;

-- name: spend
INSERT INTO quota_use (relay, span_ms, until, count)
VALUES (:relay, :span, :until, :count)
ON CONFLICT (relay, span_ms, until) DO UPDATE SET count = count + :count;

-- name: forget
DELETE FROM quota_use WHERE relay = :relay AND until <= :at - span_ms;
