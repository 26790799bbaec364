/* What the columns of a file mean, and which rows are right. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "list_rig.h"

static void a_file_is_refused_whole_with_the_place_and_the_cure(void **state)
{
	static const struct {
		const char *text, *line, *words, *hint;
	} cases[] = {
		{ "name\nAna\n", ":1", "'email' is missing", "--map" },
		{ "email,nmae\n", ":1", "no column 'nmae'", "'name'" },
		{ "email,E-Mail\n", ":1", "mean the same", "--ignore" },
		{ "email,name,NAME\n", ":1", "mean the same", "--ignore" },
		{ "email,plan,plan\n", ":1", "mean the same", "--ignore" },
		{ "email,plans\n", ":1", "no column 'plans'", "'plan'" },
		{ "email,town\n", ":1", "no column 'town'", "'attributes:'" },
		{ "email,Plan,plan\n", ":1", "mean the same", "--ignore" },
		{ "email,FirstName\n", ":1", "no column", "'first_name'" },
		{ "email,\n", ":1", "no column ''", "--ignore" },
		{ "email\nana@\n", ":2", "not an address", "nothing was" },
		{ "email\n\"\"\n", ":2", "not an address", "nothing was" },
		{ "ana@example.org\nbo\n", ":2", "not an address", "" },
		{ "ana@example.org,Ana\n", ":1", "2 fields, but 1 column",
		  "begins with their names" },
		{ "email,name\nana@example.org\n", ":2",
		  "1 field, but 2 columns", "in quotes" },
		{ "email,name\nana@example.org,A,B\n", ":2", "3 fields",
		  "in quotes" },
		{ "email,name\nana@example.org,\"A\nB\"\n", ":2", "line break",
		  "" },
		{ "email,name\nana@example.org,A\x01\n", ":2", "control", "" },
		{ "email,name\nana@example.org,A\xC2\x85"
		  "B\n",
		  ":2", "control", "" },
		{ "email,name\nana@example.org,A\xE2\x80\xA8"
		  "B\n",
		  ":2", "control", "" },
		{ "email,state\nana@example.org,gone\n", ":2",
		  "'gone' is not a state", "" },
		{ "email,state\nana@example.org,none\n", ":2",
		  "'none' is not a state", "" },
		{ "email,joined\nana@example.org,2026-02-30\n", ":2",
		  "'2026-02-30' is not a date", "" },
		{ "email,lists\nana@example.org,weekly;nope\n", ":2",
		  "no list 'nope'", "tidings.yaml" },
		{ "email,age\nana@example.org,old\n", ":2", "'age' is a number",
		  "" },
		{ "email,since\nana@example.org,May\n", ":2",
		  "'since' is a date", "" },
		{ "email,vip\nana@example.org,yes\n", ":2",
		  "'vip' is true or false", "" },
	};
	struct rig rig;

	(void)state;
	rig_open(&rig);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct import_options options = options_for(&rig);
		struct import_done done;
		char place[160];

		snprintf(place, sizeof(place), "%s%s", rig.file, cases[i].line);
		assert_int_equal(
			import_with(&rig, cases[i].text, &options, &done), -1);
		assert_int_equal(rig.err.code, ERR_INPUT);
		assert_string_equal(rig.err.place, place);
		if (!strstr(rig.err.message, cases[i].words) ||
		    !strstr(rig.err.hint, cases[i].hint) ||
		    !strstr(rig.err.hint, "nothing was imported"))
			fail_msg("case %zu: %s; %s", i, rig.err.message,
				 rig.err.hint);
	}
	assert_int_equal(ask(&rig, "SELECT count(*) FROM subscriber"), 0);
	rig_close(&rig);
}

static void the_names_of_columns_are_taken_as_people_write_them(void **state)
{
	static const char *const headers[] = {
		"email,name",	      "Email,Name",   "E-MAIL , NAME",
		"address,name",	      "Name,Address", "email_address,name",
		"\"email\",\"name\"", "Email Address,NAME", "e mail,Name",
		"EMAIL-ADDRESS,name",
	};
	struct rig rig;

	(void)state;
	for (size_t i = 0; i < COUNT(headers); i++) {
		bool swapped = headers[i][0] == 'N';
		char text[128];

		rig_open(&rig);
		snprintf(text, sizeof(text), "%s\n%s\n", headers[i],
			 swapped ? "Ana,ana@example.org"
				 : "ana@example.org,Ana");
		import(&rig, text);
		assert_str(find(&rig, "ana@example.org").name, "Ana");
		rig_close(&rig);
	}
}

static void blanks_and_hyphens_stand_for_the_underscore_of_a_name(void **state)
{
	static const struct str attributes[] = { STR("home_port"),
						 STR("home-port") };
	static const struct str types[] = { STR("text"), STR("text") };
	struct import_options options;
	struct import_done done;
	struct rig rig;

	(void)state;
	rig_open(&rig);
	options = options_for(&rig);
	options.attributes = attributes;
	options.attribute_types = types;
	options.attribute_count = COUNT(attributes);
	must(import_with(&rig,
			 "Email,First Name,last-name,Home Port,home-port\n"
			 "ana@example.org,Ana,Lund,Oslo,Bergen\n",
			 &options, &done),
	     &rig.err);
	assert_str(find(&rig, "ana@example.org").first_name, "Ana");
	assert_str(find(&rig, "ana@example.org").last_name, "Lund");
	assert_str(find(&rig, "ana@example.org").attributes,
		   "{\"home_port\":\"Oslo\",\"home-port\":\"Bergen\"}");
	rig_close(&rig);
}

static void other_columns_come_by_map_or_stay_out_by_ignore(void **state)
{
	static const struct import_map maps[] = {
		{ STR("Mail"), STR("email") }, { STR("Full"), STR("NAME") },
		{ STR("Level"), STR("plan") }, { STR("Notes"), STR("") },
		{ STR("name"), STR("") },
	};
	struct import_options options;
	struct import_done done;
	struct rig rig;

	(void)state;
	rig_open(&rig);
	options = options_for(&rig);
	options.maps = maps;
	options.map_count = COUNT(maps);
	must(import_with(&rig,
			 "Mail,Full,Level,Notes,name\n"
			 "ana@example.org,Ana A,gold,\"a\n\x01\nb\",no\n",
			 &options, &done),
	     &rig.err);
	assert_str(find(&rig, "ana@example.org").name, "Ana A");
	assert_str(find(&rig, "ana@example.org").attributes,
		   "{\"plan\":\"gold\"}");
	rig_close(&rig);
}

static void a_map_to_a_field_that_is_not_there_names_the_nearest(void **state)
{
	static const struct import_map maps[] = { { STR("X"), STR("nmae") } };
	struct import_options options;
	struct import_done done;
	struct rig rig;

	(void)state;
	rig_open(&rig);
	options = options_for(&rig);
	options.maps = maps;
	options.map_count = 1;
	assert_int_equal(import_with(&rig, "email,X\na@example.org,y\n",
				     &options, &done),
			 -1);
	assert_string_equal(rig.err.message, "there is no field 'nmae'");
	assert_non_null(strstr(rig.err.hint, "did you mean 'name'?"));
	rig_close(&rig);
}

static void a_number_is_decimal_and_kept_as_it_was_written(void **state)
{
	static const struct {
		const char *text;
		bool ok;
	} cases[] = {
		{ "0", true },
		{ "42", true },
		{ "-1", true },
		{ "+7", true },
		{ "1.50", true },
		{ ".5", true },
		{ "5.", true },
		{ "1e3", true },
		{ "1.5E-10", true },
		{ "007", true },
		{ "nan", false },
		{ "inf", false },
		{ "infinity", false },
		{ "0x10", false },
		{ "1,5", false },
		{ "1 000", false },
		{ ".", false },
		{ "-", false },
		{ "1e", false },
		{ "e5", false },
		{ "1.2.3", false },
		{ "--1", false },
		{ "12kg", false },
		{ "123456789012345678901234567890123456789012345678901234567890"
		  "123",
		  true },
		{ "123456789012345678901234567890123456789012345678901234567890"
		  "1234",
		  false },
	};
	struct rig rig;

	(void)state;
	rig_open(&rig);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct import_options options = options_for(&rig);
		struct import_done done;
		char text[160], kept[160];
		int rc;

		snprintf(text, sizeof(text),
			 "email,age\nana%zu@example.org,\"%s\"\n", i,
			 cases[i].text);
		rc = import_with(&rig, text, &options, &done);
		if ((rc == 0) != cases[i].ok)
			fail_msg("'%s': %d %s", cases[i].text, rc,
				 rig.err.message);
		if (!cases[i].ok)
			continue;
		snprintf(text, sizeof(text), "ana%zu@example.org", i);
		snprintf(kept, sizeof(kept), "{\"age\":\"%s\"}", cases[i].text);
		assert_str(find(&rig, text).attributes, kept);
	}
	rig_close(&rig);
}

static void dates_and_truths_are_taken_in_their_own_words_alone(void **state)
{
	static const struct {
		const char *column, *text;
		bool ok;
	} cases[] = {
		{ "since", "2026-05-22", true },
		{ "since", "2026-05-22 08:00", true },
		{ "since", "2026-05-22T08:00:00Z", true },
		{ "since", "22.5.2026", false },
		{ "since", "05/22/2026", false },
		{ "vip", "true", true },
		{ "vip", "false", true },
		{ "vip", "TRUE", false },
		{ "vip", "1", false },
		{ "plan", "anything, \"\"at\"\" all", true },
		{ "joined", "2026-05-22", true },
		{ "joined", "1779436800", false },
	};
	struct rig rig;

	(void)state;
	rig_open(&rig);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct import_options options = options_for(&rig);
		struct import_done done;
		char text[160];

		snprintf(text, sizeof(text),
			 "email,%s\nana@example.org,\"%s\"\n", cases[i].column,
			 cases[i].text);
		if ((import_with(&rig, text, &options, &done) == 0) !=
		    cases[i].ok)
			fail_msg("%s '%s'", cases[i].column, cases[i].text);
	}
	rig_close(&rig);
}

static void tags_come_out_sorted_and_each_once(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "b;a;c", "a;b;c" },
		{ " b ; a ", "a;b" },
		{ "a;a;a", "a" },
		{ ";;a;;", "a" },
		{ ";", "" },
		{ "", "" },
		{ "B;a;A", "A;B;a" },
		{ "ab;a;abc", "a;ab;abc" },
		{ "\xC3\xA9;z", "z;\xC3\xA9" },
	};
	struct arena *arena = arena_new("a test", 1 << 20);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(
			arena_z(arena, tags_sorted(str_of(cases[i].in), arena)),
			cases[i].out);
	arena_free(&arena);
}

static void a_name_may_have_its_limit_and_not_a_byte_more(void **state)
{
	static const char *const columns[] = { "name", "first_name",
					       "last_name", "language" };
	struct rig rig;

	(void)state;
	rig_open(&rig);
	for (size_t i = 0; i < COUNT(columns); i++)
		for (int over = -1; over <= 1; over++) {
			struct import_options options = options_for(&rig);
			struct import_done done;
			char text[LIST_NAME_MAX + 100];

			snprintf(text, sizeof(text),
				 "email,%s\nana@example.org,%0*d\n", columns[i],
				 LIST_NAME_MAX + over, 0);
			assert_int_equal(
				import_with(&rig, text, &options, &done),
				over > 0 ? -1 : 0);
		}
	assert_string_equal(rig.err.message,
			    "'language' has more than 500 bytes");
	rig_close(&rig);
}

/* A cell names lists by the thousand: it once outgrew the memory of a row. */
static void a_cell_of_lists_as_large_as_it_may_be_is_taken(void **state)
{
	struct rig rig;
	struct buf text;
	int64_t id;

	(void)state;
	rig_open(&rig);
	must(list_id(rig.list, STR("z"), true, &id, &rig.err), &rig.err);
	buf_init(&text, 65536);
	buf_addz(&text, "email,lists\nana@example.org,");
	for (size_t i = 0; i < CSV_FIELD_MAX / 2; i++)
		buf_addz(&text, "z;");
	buf_byte(&text, '\n');
	import(&rig, text.at);
	assert_string_equal(state_on(&rig, "ana@example.org", "z"),
			    "confirmed");
	assert_string_equal(state_on(&rig, "ana@example.org", "weekly"), "");
	buf_done(&text);
	rig_close(&rig);
}

/* Exports put it there against spreadsheets; with it the address would be
 * another one, and the letter would open with it. */
static void an_apostrophe_before_a_formula_is_taken_away(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "'=1+1", "=1+1" }, { "'+49 30", "+49 30" },
		{ "'-Bo", "-Bo" },   { "'@bo", "@bo" },
		{ "''=x", "'=x" },   { "'tis", "'tis" },
		{ "'", "'" },	     { "''", "''" },
		{ "=x", "=x" },	     { "O'=x", "O'=x" },
	};
	struct rig rig;

	(void)state;
	rig_open(&rig);
	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[128];

		snprintf(text, sizeof(text),
			 "email,name\n'+ana@example.org,%s\n", cases[i].in);
		import(&rig, text);
		assert_str(find(&rig, "+ana@example.org").name, cases[i].out);
	}
	assert_int_equal(ask(&rig, "SELECT count(*) FROM subscriber"), 1);
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_file_is_refused_whole_with_the_place_and_the_cure),
		cmocka_unit_test(
			the_names_of_columns_are_taken_as_people_write_them),
		cmocka_unit_test(
			blanks_and_hyphens_stand_for_the_underscore_of_a_name),
		cmocka_unit_test(
			other_columns_come_by_map_or_stay_out_by_ignore),
		cmocka_unit_test(
			a_map_to_a_field_that_is_not_there_names_the_nearest),
		cmocka_unit_test(
			a_number_is_decimal_and_kept_as_it_was_written),
		cmocka_unit_test(
			dates_and_truths_are_taken_in_their_own_words_alone),
		cmocka_unit_test(tags_come_out_sorted_and_each_once),
		cmocka_unit_test(a_name_may_have_its_limit_and_not_a_byte_more),
		cmocka_unit_test(
			a_cell_of_lists_as_large_as_it_may_be_is_taken),
		cmocka_unit_test(an_apostrophe_before_a_formula_is_taken_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
