/* signer.c - the signature in front of each letter */
#include "send/signer.h"

#include "base/file.h"
#include "letter/letter.h"
#include "mail/address.h"
#include "send_priv.h"

int signer_domain(const struct conf *conf, struct arena *arena,
		  struct str *domain_out, struct err *err)
{
	struct mailbox from;

	*domain_out = conf->dkim.domain;
	if (domain_out->len > 0)
		return 0;
	if (mailbox_parse(conf->from, arena, &from, err) < 0) {
		err->code = ERR_CONFIG;
		return err_place(err, "%s", conf_place(conf, "from"));
	}
	*domain_out = address_domain(address_wire(arena, from.address));
	return 0;
}

const char *signer_key_path(const struct conf *conf, struct arena *arena,
			    struct str file)
{
	return file.at[0] == '/' ? arena_z(arena, file)
				 : file_path(arena, conf->dir.at, file);
}

int signer_open(const struct conf *conf, struct dkim **dkim_out,
		struct err *err)
{
	struct arena *arena;
	struct dkim_key keys[2];
	struct str domain;
	size_t count = 0;
	int rc;

	*dkim_out = NULL;
	if (conf->dkim.key_file.len == 0)
		return 0;
	arena = arena_new("a signer", 65536);
	keys[count++] = (struct dkim_key){
		signer_key_path(conf, arena, conf->dkim.key_file), conf->dkim.selector
	};
	if (conf->dkim.ed25519_key_file.len > 0)
		keys[count++] = (struct dkim_key){
			signer_key_path(conf, arena, conf->dkim.ed25519_key_file),
			conf->dkim.ed25519_selector
		};
	rc = signer_domain(conf, arena, &domain, err);
	if (rc == 0)
		rc = dkim_open(domain, keys, count, dkim_out, err);
	arena_free(&arena);
	return rc;
}

int signer_sign(struct dkim *dkim, int64_t date_ms, struct str *letter,
		struct err *err)
{
	struct buf field;
	int rc;

	if (!dkim)
		return 0;
	buf_init(&field, LETTER_ROOM);
	rc = dkim_sign(dkim, *letter, date_ms / TIME_SECOND_MS, &field, err);
	if (rc == 0 && buf_over(&field))
		rc = err_set(err, ERR_INTERNAL,
			     "the signature is larger than its room");
	if (rc == 0) {
		/* The room is the press's own memory, lent to its caller. */
		char *at = (char *)(uintptr_t)letter->at - field.len;

		memcpy(at, field.at, field.len);
		*letter = str_at(at, letter->len + field.len);
	}
	buf_done(&field);
	return rc;
}
