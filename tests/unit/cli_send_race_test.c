/* cli_send_race_test.c - a send that is overtaken while it looks at the
 * article takes what the other one froze, and says so */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <ftw.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "queue/ledger.h"

static int overtaken(struct ledger *ledger, const struct ledger_freeze *freeze,
		     int64_t *id_out, struct err *err);

/* The command as it is, but for somebody who freezes just before it does. */
#define ledger_freeze(...) overtaken(__VA_ARGS__)
#include "cli/cmd_send.c"
#undef ledger_freeze

#define SETTINGS                           \
	"publication: {name: Post}\n"      \
	"from: a@example.org\n"            \
	"lists: {weekly: {}, daily: {}}\n" \
	"relays: {main: {url: 'dir:%s/out'}}\n"
#define ARTICLE "---\ntitle: Hello\nlist: weekly\n---\nText.\n"

struct rig {
	char dir[64];
	struct app app;
	struct err err;
};

/* What the other one froze; where nothing is said, what we would. */
static struct {
	const char *hash;
	int64_t list_id;
} other;

static int overtaken(struct ledger *ledger, const struct ledger_freeze *freeze,
		     int64_t *id_out, struct err *err)
{
	struct ledger_freeze theirs = *freeze;

	if (other.hash)
		theirs.source_hash = str_of(other.hash);
	if (other.list_id > 0)
		theirs.list_id = other.list_id;
	assert_int_equal(ledger_freeze(ledger, &theirs, id_out, err), 0);
	return ledger_freeze(ledger, freeze, id_out, err);
}

static void must(int rc, const struct err *err)
{
	if (rc < 0)
		fail_msg("%s: %s", err->place, err->message);
}

static void add_reader(struct rig *rig, const char *list_name,
		       const char *address)
{
	struct subscriber who = { .address = str_of(address),
				  .attributes = STR("{}"),
				  .joined_at = 1 };
	struct list *list;
	int64_t id;

	who.name = who.first_name = who.last_name = STR_NONE;
	who.language = who.tags = who.suppressed = STR_NONE;
	must(list_open(rig->app.db, rig->app.seal, &list, &rig->err),
	     &rig->err);
	must(list_id(list, str_of(list_name), true, &id, &rig->err), &rig->err);
	must(list_add(list, &who, id, false, STR("a test"), 1, &rig->err),
	     &rig->err);
	list_close(&list);
}

static void put_file(struct rig *rig, const char *name, const char *text)
{
	must(file_write(app_path(&rig->app, name), str_of(text), 0600,
			&rig->err),
	     &rig->err);
}

static void rig_up(struct rig *rig)
{
	struct app *app = &rig->app;

	memset(rig, 0, sizeof(*rig));
	snprintf(rig->dir, sizeof(rig->dir), "/tmp/tidings-race-XXXXXX");
	assert_non_null(mkdtemp(rig->dir));
	app->dir = rig->dir;
	app->out = stdout;
	app->arena = arena_new("a test", (size_t)1 << 28);
	must(seal_create(app_path(app, SEAL_FILE), &rig->err), &rig->err);
	must(app_open(app, NEED_SEAL, &rig->err), &rig->err);
	must(file_make_dir(app_path(app, "articles"), &rig->err), &rig->err);
	put_file(rig, "articles/hello.md", ARTICLE);
	must(conf_parse(rig->dir, CONF_FILE,
			arena_fmt(app->arena, SETTINGS, rig->dir), app->arena,
			&app->conf, &rig->err),
	     &rig->err);
	must(db_open(app_path(app, DB_FILE), DB_CREATE, &app->db, &rig->err),
	     &rig->err);
	add_reader(rig, "weekly", "ana@example.org");
	add_reader(rig, "daily", "bo@example.org");
	other.hash = NULL;
	other.list_id = 0;
}

static int drop(const char *path, const struct stat *st, int kind,
		struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	return remove(path);
}

static void rig_down(struct rig *rig)
{
	app_close(&rig->app);
	arena_free(&rig->app.arena);
	assert_int_equal(nftw(rig->dir, drop, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* Send it; what was said on the way is in `heard`. */
static int send_hello(struct rig *rig, const struct send_opts *opts,
		      char heard[1024])
{
	char *words[] = { (char[]){ "hello" } };
	FILE *file = tmpfile();
	int before = dup(STDERR_FILENO), rc;
	size_t len;

	assert_non_null(file);
	assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
	rc = cmd_send.run(&rig->app, opts, 1, words, &rig->err);
	fflush(stderr);
	assert_true(dup2(before, STDERR_FILENO) >= 0);
	close(before);
	rewind(file);
	len = fread(heard, 1, 1023, file);
	heard[len] = 0;
	fclose(file);
	return rc;
}

static bool has_letter(const struct rig *rig)
{
	return file_exists(app_path(&rig->app, "out"));
}

static void who_freezes_the_same_a_moment_earlier_is_no_news(void **state)
{
	struct send_opts opts = { 0 };
	char heard[1024];
	struct rig rig;

	(void)state;
	rig_up(&rig);
	must(send_hello(&rig, &opts, heard), &rig.err);
	assert_string_equal(heard, "");
	assert_true(has_letter(&rig));
	rig_down(&rig);
}

static void what_somebody_else_froze_first_goes_out_with_a_warning(void **state)
{
	struct send_opts opts = { 0 };
	char heard[1024];
	struct rig rig;

	(void)state;
	rig_up(&rig);
	other.hash = "of other words";
	must(send_hello(&rig, &opts, heard), &rig.err);
	assert_non_null(strstr(heard, "the files of 'hello' have changed since "
				      "it was frozen; what was frozen counts"));
	assert_true(has_letter(&rig));
	rig_down(&rig);
}

static void what_was_frozen_first_for_another_list_does_not_go_to_ours(
	void **state)
{
	struct send_opts opts = { .to_list = "weekly" };
	char heard[1024];
	struct rig rig;

	(void)state;
	rig_up(&rig);
	other.list_id = 2;
	assert_int_equal(send_hello(&rig, &opts, heard), -1);
	assert_int_equal(rig.err.code, ERR_INPUT);
	assert_string_equal(rig.err.message,
			    "'hello' was frozen for another list");
	assert_false(has_letter(&rig));
	rig_down(&rig);
}

static void an_end_that_came_too_late_is_told(void **state)
{
	struct send_opts opts = { .not_after = "2999-01-01" };
	char heard[1024];
	struct rig rig;

	(void)state;
	rig_up(&rig);
	must(send_hello(&rig, &opts, heard), &rig.err);
	assert_non_null(strstr(heard, "'--not-after' counts when an issue is "
				      "frozen; this one was frozen before"));
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			who_freezes_the_same_a_moment_earlier_is_no_news),
		cmocka_unit_test(
			what_somebody_else_froze_first_goes_out_with_a_warning),
		cmocka_unit_test(
			what_was_frozen_first_for_another_list_does_not_go_to_ours),
		cmocka_unit_test(an_end_that_came_too_late_is_told),
	};

	return cmocka_run_group_tests_name("cli_send_race", tests, NULL, NULL);
}
