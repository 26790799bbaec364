/* catch.h - a mail catcher: an SMTP server for loopback that keeps all it gets
 *
 * EHLO, PIPELINING, 8BITMIME, SIZE, SMTPUTF8, ENHANCEDSTATUSCODES, STARTTLS
 * with a self-made certificate, AUTH PLAIN and LOGIN (any name; the password
 * when one is set). Each letter becomes DIR/NNNNNN.eml with Return-Path and
 * X-Original-To on top, and a line of DIR/log.jsonl, both written before the
 * reply leaves. Numbers go on where an earlier run ended.
 */
#ifndef CATCH_CATCH_H
#define CATCH_CATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct catch_options {
	struct str listen;	/* "127.0.0.1:2525", "[::1]:0" */
	const char *dir;	/* made when it is not there */
	struct str faults;	/* DESIGN 5.3 SPEC, "" for none */
	struct str password;	/* AUTH must give it; "" takes any */
	bool require_auth;
	bool maildir;		/* DIR/new/NNNNNN... in place of DIR/NNNNNN.eml */
	int64_t max_size;	/* SIZE; 0: 25 MiB */
	const volatile int *stop;
	/* Once, when it listens: the address with the real port, and the
	 * file with the certificate to trust (DIR/catch.pem). */
	void (*ready)(void *arg, const char *address, const char *pem_path);
	/* After each letter; may be NULL. */
	void (*caught)(void *arg, int64_t number, struct str from,
		       struct str to, int64_t size);
	void *arg;
};

/* Serves until *stop is set. ERR_INPUT for a bad SPEC or address, ERR_IO when
 * it cannot listen or write. */
int catch_run(const struct catch_options *options, struct err *err);

/* Parse a SPEC only: for did-you-mean before anything is started. */
int catch_faults_check(struct str spec, struct err *err);

#endif
