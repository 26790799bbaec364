/* catch_session_fuzz.c - any bytes at all from a client of the catcher
 *
 * The first byte says how the rest is cut, the second which settings hold.
 * However it was cut, the same letters are kept and the same replies given;
 * each reply is a line with a code; no letter is larger than promised, none is
 * kept before a login where one is asked for, and an envelope holds nothing
 * that could break out of its header.
 *
 * The store is this file's own: letters are weighed and forgotten.
 */
#include <assert.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "catch/catch_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_SIZE 2000

struct tally {
	int64_t letters;
	uint64_t hash; /* of all that was kept (FNV-1a) */
	struct buf replies;
};

static struct tally *now_filled;
static struct session *now_served;

static void add_hash(struct tally *tally, struct str bytes)
{
	for (size_t i = 0; i <= bytes.len; i++) {
		unsigned char c = i < bytes.len ? (unsigned char)bytes.at[i]
						: 0;

		tally->hash = (tally->hash ^ c) * UINT64_C(1099511628211);
	}
}

static void check_envelope(struct str address)
{
	for (size_t i = 0; i < address.len; i++)
		assert((unsigned char)address.at[i] > ' ' &&
		       address.at[i] != '<' && address.at[i] != '>');
}

int store_keep(struct store *store, const struct caught *letter,
	       int64_t *number_out, struct err *err)
{
	struct str rest = letter->recipients;

	(void)store;
	(void)err;
	assert((int64_t)letter->bytes.len <= MAX_SIZE);
	assert(now_served->authed ||
	       !now_served->server->options->require_auth);
	check_envelope(letter->from);
	assert(rest.len > 0);
	while (rest.len > 0) {
		struct str one = str_cut(rest, '\n', &rest);

		assert(one.len > 0);
		check_envelope(one);
	}
	add_hash(now_filled, letter->from);
	add_hash(now_filled, letter->recipients);
	add_hash(now_filled, letter->bytes);
	*number_out = ++now_filled->letters;
	return 0;
}

static void check_replies(struct str rest)
{
	assert(rest.len == 0 || str_ends(rest, STR("\r\n")));
	while (rest.len > 0) {
		struct str line = str_cut(rest, '\n', &rest);

		assert(line.len >= 5 && line.at[line.len - 1] == '\r');
		assert(line.at[0] >= '2' && line.at[0] <= '5');
		assert(line.at[3] == ' ' || line.at[3] == '-');
		for (size_t i = 0; i + 1 < line.len; i++)
			assert((unsigned char)line.at[i] >= ' ');
	}
}

static void serve(struct server *server, struct str bytes, size_t step,
		  struct tally *tally)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct session *s;

	assert(fd >= 0);
	*tally = (struct tally){ .hash = UINT64_C(14695981039346656037) };
	buf_init(&tally->replies, (size_t)1 << 20);
	server->faults.random = 1;
	s = session_open(server, fd);
	now_served = s;
	now_filled = tally;
	while (bytes.len > 0 && !s->closing && !s->stalled && !s->start_tls) {
		struct str piece = str_head(bytes, step);

		bytes = str_skip(bytes, piece.len);
		buf_add(&s->in, piece);
		assert(!buf_over(&s->in));
		session_take_in(s);
	}
	buf_add(&tally->replies, buf_str(&s->out));
	session_close(s);
	assert(!server->first);
}

static void both_ways(struct server *server, struct str bytes, size_t step)
{
	struct tally one, other;

	serve(server, bytes, 65536, &one);
	serve(server, bytes, step, &other);
	check_replies(buf_str(&one.replies));
	/* Where a line is too long depends on when it is looked at. */
	if (!strstr(one.replies.at, "\n500 5.5.2 line") &&
	    !strstr(other.replies.at, "\n500 5.5.2 line")) {
		assert(one.letters == other.letters);
		assert(one.hash == other.hash);
		assert(str_eq(buf_str(&one.replies), buf_str(&other.replies)));
	}
	buf_done(&one.replies);
	buf_done(&other.replies);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct loop *loop;
	struct catch_options options = { .faults = STR_NONE,
					 .password = STR("right") };
	struct server server = { .options = &options, .max_size = MAX_SIZE };
	struct err err = ERR_INIT;

	if (size < 2 || size > 200000)
		return 0;
	if (!loop && loop_open(&loop, &err) < 0)
		abort();
	server.loop = loop;
	options.require_auth = data[1] & 1;
	both_ways(&server, str_at((const char *)data + 2, size - 2),
		  (size_t)data[0] + 1);
	return 0;
}
