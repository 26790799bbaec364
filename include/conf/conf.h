/* conf.h - the settings of a publication, each with its place
 *
 * `tidings.yaml` is read once into one struct by one table (src/conf); the
 * table also carries defaults, ranges, the types of values and the sentence
 * that `tidings config` and the manual show. Unknown keys and ill-typed
 * values are refused with "tidings.yaml:LINE:COLUMN" and the nearest name.
 * Secrets are never in the file: `password_file` and `password_env` name
 * where they are, and conf_secret() reads them when they are needed.
 *
 * Everything lives in the arena that conf_load() was given.
 */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/time.h"

#define CONF_FILE "tidings.yaml"

enum conf_typography { TYPOGRAPHY_SMART, TYPOGRAPHY_PLAIN };

struct conf_link {
	struct str title, url;
	struct conf_link *next;
};

struct conf_author {
	struct str key;		/* as articles name it */
	struct str name, tagline;
	struct str photo;	/* URL, or a file of the publication */
	struct conf_link *links;
	struct conf_author *next;
};

struct conf_list {
	struct str key;		/* [a-z0-9_-], names the list everywhere */
	struct str title;	/* default: the key */
	struct str description;	/* why they get it; "": they subscribed */
	int line;
	struct conf_list *next;
};

#define CONF_RATES_MAX 8
struct conf_rates {		/* "[500/h, 2000/d]", one a span */
	struct rate at[CONF_RATES_MAX];
	int count;
};

#define CONF_NUMBERS_MAX 64
struct conf_numbers {
	int64_t at[CONF_NUMBERS_MAX];
	int count;
};

struct conf_hours {		/* minutes of the day, local time; equal when
				   not set; "22:00-06:00" has from > to */
	int from, to;
};

enum conf_relay_kind { RELAY_SMTP, RELAY_SMTPS, RELAY_STARTTLS, RELAY_DIR,
		       RELAY_PIPE };

struct conf_relay {
	struct str key;
	struct str url;		/* as written */
	enum conf_relay_kind kind;
	struct str host;	/* smtp kinds; IPv6 without brackets */
	int port;
	bool loopback;		/* host is 127/8, ::1 or localhost */
	struct str dir;		/* dir:, relative to the publication */
	struct str command;	/* pipe:, the words as written */
	struct str user, password_file, password_env, ca_file;
	bool plaintext;		/* the explicit word for smtp:// elsewhere */
	int connections;	/* 1..500 */
	int messages_per_connection;	/* 0: no limit */
	struct rate rate;	/* per_ms 0: no limit */
	struct conf_rates quota;
	struct conf_numbers warmup;	/* letters a day, from the first on */
	struct conf_hours hours;	/* in which letters go out */
	int line;
	struct conf_relay *next;
};

struct conf_attribute {
	struct str key;
	struct str type;	/* text number date bool */
	struct conf_attribute *next;
};

enum conf_uncertain { UNCERTAIN_RESEND, UNCERTAIN_HOLD, UNCERTAIN_RECONCILE };

struct conf {
	struct str dir;		/* the publication's folder */

	struct {
		struct str name, tagline, url, language, theme, logo;
		enum conf_typography typography;
		struct str address;	/* postal; lines kept */
		struct str copyright;	/* who; the year is ours */
		struct conf_link *social, *links;
	} publication;

	struct str from;	/* "Name <a@b>" as written */
	struct str reply_to;
	struct conf_author *authors;
	struct conf_list *lists;
	struct conf_relay *relays;
	struct conf_attribute *attributes;
	struct str envelope_domain;	/* default: the domain of from */
	struct {
		struct str domain;	/* default: the domain of from */
		struct str selector, key_file;	/* "": nothing is signed */
		struct str ed25519_selector, ed25519_key_file;
	} dkim;
	enum conf_uncertain uncertain;
	int64_t uncertain_after_ms;

	struct {
		int64_t not_after_ms;	/* life of an issue since its freeze */
		int64_t retry_ms;	/* first wait; doubles */
		int64_t retry_max_ms;
		int64_t spread_ms;	/* an issue over so long; 0: no */
		int threads;		/* 0: one a core, at most 4 */
	} send;
	struct {
		int failed;		/* hundredths of a percent */
		int deferred;
		int min_results, min_events;
	} breakers;

	struct conf_place *places;	/* private */
};

/* Read DIR/tidings.yaml. ERR_MISSING with the hint "run 'tidings init'" when
 * it is not there, ERR_CONFIG for everything wrong inside. */
int conf_load(const char *dir, struct arena *arena,
	      const struct conf **conf_out, struct err *err);

/* The same for text at hand; `name` stands in the errors. For tests. */
int conf_parse(const char *dir, const char *name, struct str text,
	       struct arena *arena, const struct conf **conf_out,
	       struct err *err);

/* "tidings.yaml:7:3" of a setting such as "relays.main.url", or the file's
 * name alone when it was not written. For errors found later. */
const char *conf_place(const struct conf *conf, const char *setting);

/* By key, or NULL. */
const struct conf_list *conf_list_find(const struct conf *conf, struct str key);
const struct conf_author *conf_author_find(const struct conf *conf,
					   struct str key);
const struct conf_attribute *conf_attribute_find(const struct conf *conf,
						 struct str key);

/* The relay's password: the content of password_file (one line end behind it
 * dropped; relative to the publication; refused with ERR_CONFIG when group or
 * others may read it) or of the environment variable. Refused when it is
 * empty. STR_NONE when neither is set. */
int conf_secret(const struct conf *conf, const struct conf_relay *relay,
		struct arena *arena, struct str *secret_out, struct err *err);

/* One row of the table as `tidings config` shows it. `origin` is the place in
 * the file or "default". Called in the table's order, for every author, list
 * and relay; ends early when `row` returns non-zero, which is handed back. */
struct conf_row {
	const char *setting;	/* "relays.main.rate" */
	struct str value;	/* as text; secrets never */
	const char *origin;
	const char *help;	/* one sentence */
};
int conf_each(const struct conf *conf, struct arena *arena,
	      int (*row)(void *arg, const struct conf_row *row), void *arg);

/* All settings the table knows, with `*` for a name of the user's: for the
 * manual and did-you-mean. NULL behind the last. */
struct conf_setting {
	const char *name;	/* "relays.*.rate" */
	const char *type;	/* "RATE", "TEXT", "NUMBER 1-500", ... */
	const char *standard;	/* default as it would be written, or "" */
	const char *help;
};
const struct conf_setting *conf_settings(size_t index);

/* The commented file that `tidings init` writes, working as it stands. `name`
 * is the publication's. */
struct str conf_template(struct arena *arena, struct str name);

/* Whose postal address that file shows, as conf_load() reads it: nobody's. */
#define CONF_SAMPLE_ADDRESS "1 Quay Street\n10115 Harbour Town"

#endif
