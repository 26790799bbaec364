/* picture_bare_test.c - pictures where libgd is not installed
 *
 * The drawings are made with the library that this test is linked to; what is
 * tested loads its own, and finds none.
 */
#include "picture_rig.h"

void *dlopen(const char *name, int flags);

void *dlopen(const char *name, int flags)
{
	(void)name;
	(void)flags;
	return NULL;
}

static void what_needs_nothing_is_ready_without_the_library(void **state)
{
	struct rig *rig = *state;
	struct str jpeg = with(rig, a_jpeg(rig, 400, 200), JPEG_INSIDE,
			       segment(rig, 0xfe, STR(SECRET)));
	const struct {
		struct str bytes;
		enum picture_type type;
		int width, height;
	} cases[] = {
		{ a_png(rig, 400, 200), PICTURE_PNG, 400, 200 },
		{ a_png(rig, 1340, 200), PICTURE_PNG, 1340, 200 },
		{ a_palette_png(rig, 400, 200), PICTURE_PNG, 400, 200 },
		{ jpeg, PICTURE_JPEG, 400, 200 },
		{ a_gif(rig, 40, 20), PICTURE_GIF, 40, 20 },
		{ a_moving_gif(rig, 2000, 20, 3), PICTURE_GIF, 2000, 20 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct picture_wish wish = wish_for(cases[i].bytes, 536);
		struct picture_ready ready;

		if (picture_ready(&wish, rig->arena, &ready, &rig->err) < 0)
			fail_msg("case %zu: %s", i, rig->err.message);
		assert_int_equal(ready.type, cases[i].type);
		assert_int_equal(ready.width, cases[i].width);
		assert_int_equal(ready.height, cases[i].height);
		assert_lacks(ready.bytes, SECRET);
	}
}

static void what_must_be_made_anew_names_the_library_that_is_missing(
	void **state)
{
	struct rig *rig = *state;
	const struct str cases[] = {
		a_png(rig, 1341, 200),	     a_jpeg(rig, 3000, 2000),
		a_png(rig, 400, 5000),	     ink_jpeg(rig, 0xc0, 40, 40),
		turned_jpeg(rig, 40, 30, 6),
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct picture_wish wish = wish_for(cases[i], 536);
		struct picture_ready ready;

		assert_int_equal(
			picture_ready(&wish, rig->arena, &ready, &rig->err),
			-1);
		assert_int_equal(rig->err.code, ERR_INPUT);
		assert_non_null(strstr(rig->err.message, "libgd"));
		assert_non_null(strstr(rig->err.hint, "libgd3"));
	}
}

#define test(f) cmocka_unit_test_setup_teardown(f, rig_up, rig_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_needs_nothing_is_ready_without_the_library),
		test(what_must_be_made_anew_names_the_library_that_is_missing),
	};

	return cmocka_run_group_tests_name("bare", tests, NULL, NULL);
}
