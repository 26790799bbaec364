/* conf_rig.h - settings out of a text, for the tests of conf; include behind
 * cmocka.h */
#ifndef CONF_RIG_H
#define CONF_RIG_H

#include "conf/conf.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The least there must be, but for relays: four lines. */
#define LEAST                         \
	"publication: {name: Post}\n" \
	"from: a@example.org\n"       \
	"lists: {weekly: }\n"         \
	"relays: {main: {url: 'dir:out'}}\n"

static struct arena *arena;

static int up(void **state)
{
	(void)state;
	arena = arena_new("a test", (size_t)64 << 20);
	return 0;
}

static int down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static inline const struct conf *parse(const char *text)
{
	const struct conf *conf = NULL;
	struct err err = ERR_INIT;

	if (conf_parse("/pub", "t.yaml", str_of(text), arena, &conf, &err))
		fail_msg("%s: %s\n%s", err.place, err.message, text);
	return conf;
}

static inline struct err refused(const char *text)
{
	const struct conf *conf = NULL;
	struct err err = ERR_INIT;

	if (conf_parse("/pub", "t.yaml", str_of(text), arena, &conf, &err) == 0)
		fail_msg("accepted:\n%s", text);
	assert_int_equal(err.code, ERR_CONFIG);
	assert_null(conf);
	return err;
}

static inline void assert_str(struct str got, const char *want)
{
	assert_string_equal(arena_z(arena, got), want);
}

#endif
