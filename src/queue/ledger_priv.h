/* ledger_priv.h - inside the ledger */
#ifndef LEDGER_PRIV_H
#define LEDGER_PRIV_H

#include "queue/ledger.h"

struct ledger {
	struct db *db;
	struct db_set *set;
};

#endif
