queue_src := claim.c delivery.c freeze.c ledger.c owner.c
queue_sql := queue.sql
