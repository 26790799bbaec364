/* One person at a time: found, added, let go, suppressed, with the evidence;
 * and what is done by hand while an import is half in. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/file.h"
#include "list_cut.h"

#define NOBODY                                                           \
	.name = STR_NONE, .first_name = STR_NONE, .last_name = STR_NONE, \
	.language = STR_NONE, .tags = STR_NONE, .attributes = STR_NONE,  \
	.joined_at = NOW

static int add(struct rig *rig, const char *address, const char *name,
	       bool revive)
{
	struct subscriber who = { .address = str_of(address), NOBODY };

	who.name = str_of(name);
	rig->err = (struct err)ERR_INIT;
	return list_add(rig->list, &who, 1, revive, STR("added by ann"),
			NOW + 5, &rig->err);
}

static void every_state_has_a_name_that_the_schema_knows(void **state)
{
	struct arena *arena = arena_new("a test", 1 << 20);
	struct err err = ERR_INIT;
	struct str schema, rest;
	char quoted[32];
	int words = 0;

	(void)state;
	must(file_read("subscribers/schema/001-list.sql", 1 << 20, arena,
		       &schema, &err),
	     &err);
	rest = str_skip(schema,
			(size_t)str_find_str(schema, STR("CHECK (state IN")));
	rest = str_head(rest, (size_t)str_find_str(rest, STR("changed_at")));
	for (size_t i = 0; i < rest.len; i++)
		words += rest.at[i] == '\'';
	for (int s = LIST_NONE + 1; s < LIST_STATE_COUNT; s++) {
		const char *name = list_state_name((enum list_state)s);

		snprintf(quoted, sizeof(quoted), "'%s'", name);
		assert_true(str_find_str(rest, str_of(quoted)) >= 0);
		assert_int_equal(list_state_of(str_of(name)), s);
	}
	assert_int_equal(words / 2, LIST_STATE_COUNT - 1);
	assert_int_equal(list_state_of(STR("none")), LIST_NONE);
	assert_int_equal(list_state_of(STR("")), LIST_NONE);
	arena_free(&arena);
}

static void somebody_is_found_whatever_the_case_and_nobody_else_shown(
	void **state)
{
	struct subscriber who;
	struct rig rig;

	(void)state;
	rig_open(&rig);
	must(add(&rig, "Ana@Example.org", "Ana", false), &rig.err);
	assert_str(find(&rig, "aNA@EXAMPLE.ORG").address, "Ana@example.org");
	assert_int_equal(list_find(rig.list, STR("bo@example.org"), rig.arena,
				   &who, &rig.err),
			 -1);
	assert_int_equal(rig.err.code, ERR_MISSING);
	assert_null(strstr(rig.err.message, "ana"));
	assert_null(strstr(rig.err.hint, "ana"));
	assert_int_equal(
		list_find(rig.list, STR("bo"), rig.arena, &who, &rig.err), -1);
	assert_int_equal(rig.err.code, ERR_INPUT);
	rig_close(&rig);
}

static void an_addition_is_kept_with_its_evidence_and_once(void **state)
{
	struct subscriber who = { .address = STR("ana@example.org"), NOBODY };
	struct rig rig;

	(void)state;
	rig_open(&rig);
	who.first_name = STR("Ana");
	who.tags = STR("b; a");
	who.attributes = STR("{ \"plan\": \"gold\" }");
	must(list_add(rig.list, &who, 2, false, STR("said so"), NOW + 5,
		      &rig.err),
	     &rig.err);
	must(list_add(rig.list, &who, 2, false, STR("said so"), NOW + 9,
		      &rig.err),
	     &rig.err);
	assert_string_equal(state_on(&rig, "ana@example.org", "daily"),
			    "confirmed");
	assert_string_equal(state_on(&rig, "ana@example.org", "weekly"), "");
	assert_string_equal(evidence_of(&rig, "ana@example.org"),
			    "5 daily said so\n");
	who.first_name = STR_NONE;
	who.attributes = STR("{\"age\":\"7\"}");
	must(list_add(rig.list, &who, 2, false, STR("x"), NOW, &rig.err),
	     &rig.err);
	assert_str(find(&rig, "ana@example.org").first_name, "Ana");
	assert_str(find(&rig, "ana@example.org").tags, "a;b");
	assert_str(find(&rig, "ana@example.org").attributes,
		   "{\"plan\":\"gold\",\"age\":\"7\"}");
	assert_true(find(&rig, "ana@example.org").id > 0);
	rig_close(&rig);
}

static void what_may_not_stand_in_a_person_is_refused(void **state)
{
	static char limit[LIST_NAME_MAX + 1], over[LIST_NAME_MAX + 2];
	const struct {
		const char *address, *name;
		bool ok;
	} cases[] = {
		{ "ana@example.org", limit, true },
		{ "ana@example.org", over, false },
		{ "ana@example.org", "A\nBcc: x@example.org", false },
		{ "ana@example.org", "A\rB", false },
		{ "ana@example.org", "A\x7f", false },
		{ "ana@example.org", "\xff", false },
		{ "ana@example.org>", "Ana", false },
		{ "ana", "Ana", false },
		{ "", "Ana", false },
	};
	struct rig rig;

	(void)state;
	memset(limit, 'x', LIST_NAME_MAX);
	memset(over, 'x', LIST_NAME_MAX + 1);
	rig_open(&rig);
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(
			add(&rig, cases[i].address, cases[i].name, false),
			cases[i].ok ? 0 : -1);
		if (!cases[i].ok)
			assert_int_equal(rig.err.code, ERR_INPUT);
	}
	assert_int_equal(ask(&rig, "SELECT count(*) FROM subscriber"), 1);
	rig_close(&rig);
}

static void who_is_gone_comes_back_only_when_revived(void **state)
{
	static const enum list_state gone[] = { LIST_UNSUBSCRIBED, LIST_BOUNCED,
						LIST_COMPLAINED };
	struct rig rig;

	(void)state;
	for (size_t i = 0; i < COUNT(gone); i++) {
		rig_open(&rig);
		must(add(&rig, "ana@example.org", "Ana", false), &rig.err);
		set_state(&rig, "ana@example.org", 1, gone[i]);
		assert_int_equal(add(&rig, "ana@example.org", "Ann", false),
				 -1);
		assert_int_equal(rig.err.code, ERR_INPUT);
		assert_non_null(strstr(rig.err.hint, "--revive"));
		assert_str(find(&rig, "ana@example.org").name, "Ana");
		must(add(&rig, "ana@example.org", "Ann", true), &rig.err);
		assert_string_equal(state_on(&rig, "ana@example.org", "weekly"),
				    "confirmed");
		rig_close(&rig);
	}
}

static void a_state_gives_way_to_a_graver_one_alone(void **state)
{
	static const struct {
		enum list_state before, set, after;
	} cases[] = {
		{ LIST_CONFIRMED, LIST_BOUNCED, LIST_BOUNCED },
		{ LIST_PENDING, LIST_CONFIRMED, LIST_CONFIRMED },
		{ LIST_BOUNCED, LIST_UNSUBSCRIBED, LIST_UNSUBSCRIBED },
		{ LIST_BOUNCED, LIST_COMPLAINED, LIST_COMPLAINED },
		{ LIST_UNSUBSCRIBED, LIST_BOUNCED, LIST_UNSUBSCRIBED },
		{ LIST_UNSUBSCRIBED, LIST_COMPLAINED, LIST_COMPLAINED },
		{ LIST_COMPLAINED, LIST_BOUNCED, LIST_COMPLAINED },
		{ LIST_COMPLAINED, LIST_UNSUBSCRIBED, LIST_COMPLAINED },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct rig rig;

		rig_open(&rig);
		must(add(&rig, "ana@example.org", "Ana", false), &rig.err);
		set_state(&rig, "ana@example.org", 1, cases[i].before);
		set_state(&rig, "ana@example.org", 0, cases[i].set);
		assert_string_equal(state_on(&rig, "ana@example.org", "weekly"),
				    list_state_name(cases[i].after));
		rig_close(&rig);
	}
}

static void leaving_all_lists_is_kept_for_each(void **state)
{
	struct subscriber who;
	struct rig rig;

	(void)state;
	rig_open(&rig);
	import(&rig, "email,lists\nana@example.org,weekly;daily\n");
	set_state(&rig, "ana@example.org", 0, LIST_UNSUBSCRIBED);
	set_state(&rig, "ana@example.org", 0, LIST_UNSUBSCRIBED);
	assert_string_equal(state_on(&rig, "ana@example.org", "daily"),
			    "unsubscribed");
	assert_non_null(strstr(evidence_of(&rig, "ana@example.org"),
			       "1 weekly unsubscribed\n"
			       "1 daily unsubscribed\n"));
	must(add(&rig, "bo@example.org", "Bo", false), &rig.err);
	who = find(&rig, "bo@example.org");
	assert_int_equal(list_set_state(rig.list, who.id, 2, LIST_BOUNCED, NOW,
					&rig.err),
			 -1);
	assert_int_equal(rig.err.code, ERR_MISSING);
	rig_close(&rig);
}

static void a_suppressed_address_gets_nothing_until_it_is_lifted(void **state)
{
	struct subscriber who;
	int64_t audience;
	struct rig rig;

	(void)state;
	rig_open(&rig);
	must(add(&rig, "ana@example.org", "Ana", false), &rig.err);
	must(list_suppress(rig.list, STR("Ana@EXAMPLE.org"), STR("asked"),
			   NOW + 6, &rig.err),
	     &rig.err);
	must(list_suppress(rig.list, STR("bo@example.org"), STR("a trap"),
			   NOW + 6, &rig.err),
	     &rig.err);
	assert_str(find(&rig, "ana@example.org").suppressed, "asked");
	must(list_audience_count(rig.list, 1, &audience, &rig.err), &rig.err);
	assert_int_equal(audience, 0);
	assert_int_equal(add(&rig, "bo@example.org", "Bo", true), -1);
	assert_non_null(strstr(rig.err.message, "a trap"));
	/* Nobody we know, but known to be left alone. */
	assert_int_equal(list_find(rig.list, STR("bo@example.org"), rig.arena,
				   &who, &rig.err),
			 -1);
	assert_int_equal(rig.err.code, ERR_MISSING);
	assert_non_null(strstr(rig.err.hint, "a trap"));
	assert_int_equal(ask(&rig, "SELECT count(*) FROM suppression WHERE"
				   " hash LIKE '%example%' OR"
				   " length(hash) <> 64"),
			 0);
	must(list_lift(rig.list, STR("ana@example.org"), NOW + 7, &rig.err),
	     &rig.err);
	must(list_audience_count(rig.list, 1, &audience, &rig.err), &rig.err);
	assert_int_equal(audience, 1);
	assert_string_equal(evidence_of(&rig, "ana@example.org"),
			    "5 weekly added by ann\n6  suppressed: asked\n"
			    "7  suppression lifted\n");
	assert_int_equal(
		list_lift(rig.list, STR("ana@example.org"), NOW, &rig.err), -1);
	assert_int_equal(rig.err.code, ERR_MISSING);
	assert_int_equal(list_suppress(rig.list, STR("c@example.org"), STR(""),
				       NOW, &rig.err),
			 -1);
	assert_int_equal(rig.err.code, ERR_INPUT);
	rig_close(&rig);
}

/* --- while an import is half in -------------------------------------------- */

/* ana was known, bo is new; ana's row has news of every kind. */
#define HALF                                           \
	"email,name,first_name,state,plan\n"           \
	"ana@example.org,Import,File,bounced,silver\n" \
	"bo@example.org,Import,File,confirmed,silver\n"

static struct db_guard *half_in(struct rig *rig, const char *moment)
{
	rig_open(rig);
	import(rig, "email,name,first_name\nana@example.org,Old,Ana\n");
	return cut_when(rig, HALF, moment);
}

static void while_it_is_half_in_all_is_as_before(void **state)
{
	struct db_guard *guard;
	struct rig rig;

	(void)state;
	guard = half_in(&rig, HALF_DONE);
	assert_str(find(&rig, "ana@example.org").name, "Old");
	assert_string_equal(state_on(&rig, "ana@example.org", "weekly"),
			    "confirmed");
	assert_false(is_known(&rig, "bo@example.org"));
	publish_and_settle(&rig, &guard);
	assert_str(find(&rig, "ana@example.org").name, "Import");
	assert_string_equal(state_on(&rig, "ana@example.org", "weekly"),
			    "bounced");
	assert_str(find(&rig, "bo@example.org").name, "Import");
	rig_close(&rig);
}

/* How it ends: published, or thrown away, or published before the change. */
enum end { PUBLISHED, DROPPED, BEFORE, END_COUNT };

static struct db_guard *half_in_for(struct rig *rig, enum end end)
{
	return half_in(rig, end == BEFORE ? JUST_PUBLISHED : HALF_DONE);
}

static void end_it(struct rig *rig, enum end end, struct db_guard **guard)
{
	if (end == PUBLISHED)
		publish_and_settle(rig, guard);
	else
		throw_away(rig, guard);
	assert_int_equal(leftovers(rig), 0);
}

static void a_name_given_by_hand_meanwhile_stays(void **state)
{
	(void)state;
	for (enum end end = PUBLISHED; end < END_COUNT; end++) {
		struct db_guard *guard;
		struct rig rig;

		guard = half_in_for(&rig, end);
		must(add(&rig, "ana@example.org", "Hand", true), &rig.err);
		must(add(&rig, "Bo@example.org", "Hand", true), &rig.err);
		assert_str(find(&rig, "ana@example.org").name, "Hand");
		assert_str(find(&rig, "ana@example.org").first_name,
			   end == BEFORE ? "File" : "Ana");
		assert_str(find(&rig, "bo@example.org").name, "Hand");
		assert_str(find(&rig, "bo@example.org").first_name,
			   end == BEFORE ? "File" : "");
		end_it(&rig, end, &guard);
		assert_str(find(&rig, "ana@example.org").name, "Hand");
		assert_str(find(&rig, "ana@example.org").first_name,
			   end == DROPPED ? "Ana" : "File");
		assert_str(find(&rig, "bo@example.org").name, "Hand");
		assert_str(find(&rig, "bo@example.org").first_name,
			   end == DROPPED ? "" : "File");
		assert_str(find(&rig, "bo@example.org").attributes,
			   end == DROPPED ? "{}" : "{\"plan\":\"silver\"}");
		assert_string_equal(state_on(&rig, "bo@example.org", "weekly"),
				    "confirmed");
		rig_close(&rig);
	}
}

static void who_leaves_meanwhile_has_left(void **state)
{
	(void)state;
	for (enum end end = PUBLISHED; end < END_COUNT; end++) {
		struct db_guard *guard;
		struct rig rig;

		guard = half_in_for(&rig, end);
		set_state(&rig, "ana@example.org", 0, LIST_UNSUBSCRIBED);
		assert_string_equal(state_on(&rig, "ana@example.org", "weekly"),
				    "unsubscribed");
		end_it(&rig, end, &guard);
		assert_string_equal(state_on(&rig, "ana@example.org", "weekly"),
				    "unsubscribed");
		rig_close(&rig);
	}
}

/* The file says that somebody complained; a bounce comes in meanwhile. */
static void a_bounce_meanwhile_does_not_hide_a_graver_state(void **state)
{
	struct db_guard *guard;
	struct rig rig;

	(void)state;
	rig_open(&rig);
	import(&rig, "ana@example.org\n");
	guard = cut_when(&rig, "email,state\nana@example.org,complained\n",
			 HALF_DONE);
	set_state(&rig, "ana@example.org", 1, LIST_BOUNCED);
	assert_string_equal(state_on(&rig, "ana@example.org", "weekly"),
			    "bounced");
	publish_and_settle(&rig, &guard);
	assert_string_equal(state_on(&rig, "ana@example.org", "weekly"),
			    "complained");
	rig_close(&rig);
}

/* Somebody nobody has seen yet: the mark and its evidence must not keep the
 * half import from being thrown away. */
static void who_is_suppressed_meanwhile_stays_so_and_nothing_gets_stuck(
	void **state)
{
	(void)state;
	for (enum end end = PUBLISHED; end < END_COUNT; end++) {
		struct import_done done;
		struct db_guard *guard;
		struct rig rig;
		int64_t audience;

		guard = half_in_for(&rig, end);
		must(list_suppress(rig.list, STR("bo@example.org"),
				   STR("asked"), NOW + 6, &rig.err),
		     &rig.err);
		end_it(&rig, end, &guard);
		assert_int_equal(is_known(&rig, "bo@example.org"),
				 end != DROPPED);
		done = import(&rig, HALF);
		assert_int_equal(done.kept_out, 1);
		must(list_audience_count(rig.list, 1, &audience, &rig.err),
		     &rig.err);
		assert_int_equal(audience, 0);
		rig_close(&rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_state_has_a_name_that_the_schema_knows),
		cmocka_unit_test(
			somebody_is_found_whatever_the_case_and_nobody_else_shown),
		cmocka_unit_test(
			an_addition_is_kept_with_its_evidence_and_once),
		cmocka_unit_test(what_may_not_stand_in_a_person_is_refused),
		cmocka_unit_test(who_is_gone_comes_back_only_when_revived),
		cmocka_unit_test(a_state_gives_way_to_a_graver_one_alone),
		cmocka_unit_test(leaving_all_lists_is_kept_for_each),
		cmocka_unit_test(
			a_suppressed_address_gets_nothing_until_it_is_lifted),
		cmocka_unit_test(while_it_is_half_in_all_is_as_before),
		cmocka_unit_test(a_name_given_by_hand_meanwhile_stays),
		cmocka_unit_test(who_leaves_meanwhile_has_left),
		cmocka_unit_test(
			a_bounce_meanwhile_does_not_hide_a_graver_state),
		cmocka_unit_test(
			who_is_suppressed_meanwhile_stays_so_and_nothing_gets_stuck),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
