/* conf_fuzz.c - any file at all as settings
 *
 * What is accepted keeps its ranges, holds nothing that could end a header
 * field, goes without TLS to this machine only unless that was asked for, and
 * can be shown; what is refused has a reason and a place.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/utf8.h"
#include "conf/conf.h"

#define DAYS_MAX 3650

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_key(struct str key)
{
	assert(key.len > 0 && key.len <= 40 && key.at[0] != '-');
	for (size_t i = 0; i < key.len; i++)
		assert(key.at[i] == '-' || key.at[i] == '_' ||
		       (key.at[i] >= 'a' && key.at[i] <= 'z') ||
		       (key.at[i] >= '0' && key.at[i] <= '9'));
}

static void check_url(struct str url)
{
	assert(url.len == 0 || str_starts(url, STR("https://")) ||
	       str_starts(url, STR("http://")) ||
	       str_starts(url, STR("mailto:")));
	for (size_t i = 0; i < url.len; i++)
		assert(url.at[i] != ' ' && url.at[i] != '>' &&
		       url.at[i] != '"');
}

static void check_links(const struct conf_link *link)
{
	for (; link; link = link->next) {
		assert(link->title.len > 0 && link->url.len > 0);
		check_url(link->url);
	}
}

static void check_span(int64_t ms)
{
	assert(ms > 0 && ms <= DAYS_MAX * TIME_DAY_MS);
}

static void check_relay(const struct conf_relay *r)
{
	check_key(r->key);
	assert(r->connections >= 1 && r->connections <= 500);
	assert(r->messages_per_connection >= 0);
	assert(r->rate.per_ms == 0 || r->rate.count >= 1);
	if (r->kind == RELAY_DIR) {
		assert(r->dir.len > 0);
	} else if (r->kind == RELAY_PIPE) {
		assert(r->command.len > 0);
		assert(str_find_str(r->command, STR("{recipient}")) > 0);
	} else {
		assert(r->host.len > 0 && r->port >= 1 && r->port <= 65535);
		assert(str_find(r->url, '@') < 0);
		assert(r->kind != RELAY_SMTP || r->loopback || r->plaintext);
		assert(!(r->password_file.len && r->password_env.len));
		assert((r->user.len > 0) ==
		       (r->password_file.len || r->password_env.len));
	}
}

static void check_conf(const struct conf *c)
{
	assert(c->publication.name.len > 0 && c->from.len > 0);
	assert(c->lists && c->relays);
	check_url(c->publication.url);
	assert(c->publication.url.len > 0);
	for (size_t i = 0; i < c->publication.url.len; i++)
		assert((unsigned char)c->publication.url.at[i] < 0x80);
	check_url(c->publication.logo);
	check_links(c->publication.social);
	check_links(c->publication.links);
	for (const struct conf_author *a = c->authors; a; a = a->next) {
		check_key(a->key);
		assert(a->name.len > 0);
		check_url(a->photo);
		check_links(a->links);
	}
	for (const struct conf_list *l = c->lists; l; l = l->next) {
		check_key(l->key);
		assert(l->title.len > 0);
		assert(conf_list_find(c, l->key) == l);
	}
	for (const struct conf_relay *r = c->relays; r; r = r->next)
		check_relay(r);
	assert(c->uncertain >= UNCERTAIN_RESEND &&
	       c->uncertain <= UNCERTAIN_RECONCILE);
	check_span(c->uncertain_after_ms);
	check_span(c->send.not_after_ms);
	check_span(c->send.retry_ms);
	check_span(c->send.retry_max_ms);
	assert(c->send.threads >= 0 && c->send.threads <= 64);
}

/* The postal address alone has lines. */
static int check_row(void *arg, const struct conf_row *row)
{
	struct str value = row->value;
	int *rows = arg;

	assert(row->setting[0] && row->origin[0] && row->help[0]);
	assert(!strchr(row->setting, '*'));
	while (value.len > 0) {
		struct str line = str_cut(value, '\n', &value);

		assert(!utf8_has_control(line));
		assert(value.len == 0 ||
		       !strcmp(row->setting, "publication.address"));
	}
	++*rows;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct arena *arena = arena_new("fuzzing", (size_t)1 << 28);
	const struct conf *conf = NULL;
	struct err err = ERR_INIT;
	int rows = 0;

	if (conf_parse("/pub", "x.yaml", text, arena, &conf, &err) == 0) {
		check_conf(conf);
		assert(conf_each(conf, arena, check_row, &rows) == 0);
		assert(rows > 20);
	} else {
		assert(!conf && err.code == ERR_CONFIG);
		assert(err.message[0]);
		assert(strstr(err.place, "x.yaml"));
	}
	arena_free(&arena);
	return 0;
}
