/* signer.h - whose signature letters carry, and the keys it is made with
 *
 * What the settings `dkim` come to: for those who sign, and for whoever shows
 * the records that belong to it.
 */
#ifndef SEND_SIGNER_H
#define SEND_SIGNER_H

#include "base/arena.h"
#include "base/err.h"
#include "conf/conf.h"

/* What d= says: the domain that readers see, unless set otherwise. ERR_CONFIG
 * when `from` is no mailbox. In `arena`, or the settings' own. */
int signer_domain(const struct conf *conf, struct arena *arena,
		  struct str *domain_out, struct err *err);

/* Where a key file of the settings is: from the publication's folder, unless
 * its path is absolute. */
const char *signer_key_path(const struct conf *conf, struct arena *arena,
			    struct str file);

#endif
