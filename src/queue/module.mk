queue_src := change.c claim.c delivery.c freeze.c ledger.c owner.c pacing.c pacing_family.c pacing_judge.c pacing_lane.c pacing_store.c quota.c
queue_sql := queue.sql pacing_store.sql quota.sql
