/* conf_priv.h - the one table of settings and what reads and shows it */
#ifndef CONF_PRIV_H
#define CONF_PRIV_H

#include "base/yaml.h"
#include "conf/conf.h"

enum setting_type {
	SETTING_TEXT,		/* one line */
	SETTING_LINES,		/* several */
	SETTING_URL,
	SETTING_PICTURE,	/* an address, or a file's name */
	SETTING_DURATION,	/* int64_t, milliseconds */
	SETTING_RATE,		/* struct rate */
	SETTING_RATES,		/* struct conf_rates */
	SETTING_NUMBERS,	/* struct conf_numbers */
	SETTING_HOURS,		/* struct conf_hours */
	SETTING_PERCENT,	/* int, hundredths of a percent */
	SETTING_NUMBER,		/* int, between min and max */
	SETTING_BOOL,
	SETTING_CHOICE,		/* int, index into `choices` */
	SETTING_LINKS		/* struct conf_link * */
};

struct setting {
	struct conf_setting show;	/* name, type, standard, help */
	enum setting_type type;
	size_t offset;			/* in struct conf, or in the item of a
					   group (authors, lists ...) */
	int min, max;
	const char *const *choices;	/* ends with NULL */
};

extern const struct setting conf_table[];
extern const size_t conf_table_count;

/* Where people choose the names: authors.*, lists.*, relays.* */
struct group {
	const char *name;		/* "authors" */
	size_t offset;			/* of the first item in struct conf */
	size_t size;			/* of an item; its key stands first */
	size_t next;			/* offset of its next pointer */
	size_t line;			/* offset of its line, or 0 */
};

extern const struct group conf_groups[];
extern const size_t conf_group_count;

struct conf_place {
	struct str setting;		/* "relays.main.url" */
	int line, column;
	const char *text;		/* "tidings.yaml:7:3" */
	struct conf_place *next;
};

/* Read `node` as the table says into `at` (the field itself). The caller adds
 * the place. */
int value_read(const struct setting *setting, const struct yaml *node,
	       void *at, struct arena *arena, struct err *err);

/* The default, read by the same code as the file. */
void value_default(const struct setting *setting, void *at,
		   struct arena *arena);

/* As text for `tidings config`. */
struct str value_show(const struct setting *setting, const void *at,
		      struct arena *arena);

/* The same two for what pacing is set with: rates, numbers, hours, percent. */
int pacing_read(const struct setting *setting, const struct yaml *node,
		void *at, struct err *err);
struct str pacing_show(const struct setting *setting, const void *at,
		       struct arena *arena);

/* Refuse a value of the wrong kind. Returns -1. */
int value_wants(const struct setting *setting, const struct yaml *node,
		struct err *err);
/* "1h 30m" has no place: one number and its unit. */
struct str value_span(int64_t ms, struct arena *arena);

/* Take the relay's url apart and check what belongs together. */
int relay_check(const struct conf *conf, struct conf_relay *relay,
		struct arena *arena, struct err *err);

/* Report at a setting's place. Returns -1. */
int conf_at(const struct conf *conf, struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
