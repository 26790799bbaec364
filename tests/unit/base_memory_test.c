/* base_memory_test.c - arenas and buffers keep to their ceilings */
#include "base_rig.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/die.h"

#define MIB ((size_t)1024 * 1024)

static void what_an_arena_gives_is_zeroed_aligned_and_apart(void **state)
{
	static const size_t sizes[] = { 0, 1, 7, 16, 17, 4096, 100000, 0, 3 };
	struct arena *arena = arena_new("a test", MIB);
	unsigned char *all[COUNT(sizes)];

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < COUNT(sizes); i++) {
			all[i] = arena_take(arena, sizes[i]);
			assert_non_null(all[i]);
			assert_int_equal(
				(uintptr_t)all[i] % _Alignof(max_align_t), 0);
			for (size_t k = 0; k < sizes[i]; k++)
				assert_int_equal(all[i][k], 0);
			memset(all[i], 0xA0 + (int)i, sizes[i]);
			for (size_t k = 0; k < i; k++)
				assert_ptr_not_equal(all[i], all[k]);
		}
		for (size_t i = 0; i < COUNT(sizes); i++)
			for (size_t k = 0; k < sizes[i]; k++)
				assert_int_equal(all[i][k], 0xA0 + i);
		arena_reset(arena);
	}
	arena_free(&arena);
	assert_null(arena);
	arena_free(&arena);
}

static void a_copy_is_followed_by_a_nul_and_keeps_the_ones_inside(void **state)
{
	struct arena *arena = arena_new("a test", MIB);
	char text[] = "ab\0cd!";
	struct str copy = arena_dup(arena, str_at(text, 5));
	struct str made = arena_fmt(arena, "%s-%d", "x", 42);

	(void)state;
	text[0] = 'X';
	assert_memory_equal(copy.at, "ab\0cd\0", 6);
	assert_int_equal(copy.len, 5);
	assert_string_equal(arena_z(arena, copy), "ab");
	assert_memory_equal(made.at, "x-42\0", 5);
	assert_int_equal(made.len, 4);
	assert_string_equal(arena_dup(arena, STR_NONE).at, "");
	assert_string_equal(arena_z(arena, (struct str){ 0 }), "");
	arena_free(&arena);
}

struct takes {
	size_t ceiling, first, then;
};

static void take_two(const void *arg)
{
	const struct takes *takes = arg;
	struct arena *arena = arena_new("this test", takes->ceiling);

	arena_take(arena, takes->first);
	arena_take(arena, takes->then);
	arena_free(&arena);
}

static void an_arena_gives_up_to_its_ceiling_and_then_ends_the_program(
	void **state)
{
	static const struct takes fine[] = {
		{ MIB, MIB - 16, 16 }, { MIB, MIB / 2, MIB / 2 },
		{ 64, 16, 48 },	       { 1000, 900, 64 },
		{ SIZE_MAX, 1, 1 },
	};
	static const struct takes over[] = {
		{ MIB, MIB, 1 },
		{ MIB, MIB / 2, MIB / 2 + 1 },
		{ MIB, MIB + 1, 0 },
		{ 64, 16, 64 },
		{ 0, 1, 0 },
		/* Sums with these wrap around to small ones. */
		{ MIB, 1, SIZE_MAX - 15 },
		{ MIB, 20000, SIZE_MAX - 20000 },
		{ MIB, SIZE_MAX - 64, 1 },
		{ SIZE_MAX, 1, SIZE_MAX - 64 },
	};
	int status;

	(void)state;
	for (size_t i = 0; i < COUNT(fine); i++) {
		const char *said = last_words(take_two, &fine[i], &status);

		if (status != 0)
			fail_msg("case %zu: %d %s", i, status, said);
	}
	for (size_t i = 0; i < COUNT(over); i++)
		assert_dies(take_two, &over[i], "this test needs more than");
}

/* Counted by hand: what was taken never exceeds the ceiling. */
static void take_for_ever(const void *arg)
{
	size_t ceiling = *(const size_t *)arg, taken = 0;
	struct arena *arena = arena_new("this test", ceiling);

	while (taken <= ceiling) {
		arena_take(arena, 32);
		taken += 32;
	}
}

static void the_ceiling_counts_what_was_taken_in_small_pieces(void **state)
{
	static const size_t ceilings[] = { 32, 1000, 65536, 100000, MIB };

	(void)state;
	for (size_t i = 0; i < COUNT(ceilings); i++)
		assert_dies(take_for_ever, &ceilings[i], "needs more than");
}

static void take_an_overflow(const void *arg)
{
	struct arena *arena = arena_new("this test", MIB);

	(void)arg;
	arena_take_many(arena, SIZE_MAX / 8 + 2, 8);
}

static void take_the_largest(const void *arg)
{
	struct arena *arena = arena_new("this test", MIB);

	(void)arg;
	arena_take(arena, SIZE_MAX);
}

static void a_product_that_overflows_ends_the_program(void **state)
{
	(void)state;
	assert_dies(take_an_overflow, NULL, "this test: size overflow");
	assert_dies(take_the_largest, NULL, "this test: size overflow");
}

/* The chunk that a reset keeps must not eat the room of a larger one. */
static void after_a_reset_everything_may_be_taken_again(void **state)
{
	struct arena *arena = arena_new("a test", MIB);

	(void)state;
	for (int i = 0; i < 3; i++) {
		for (int k = 0; k < 1000; k++)
			arena_take(arena, 512);
		arena_reset(arena);
		memset(arena_take(arena, MIB - 16), 1, MIB - 16);
		arena_reset(arena);
	}
	arena_free(&arena);
}

/* --- buffers --------------------------------------------------------------- */

static void a_buffer_is_terminated_from_birth_to_end(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 1000);
	assert_string_equal(buf.at, "");
	buf_addz(&buf, "");
	buf_cut(&buf, 5);
	buf_reset(&buf);
	assert_string_equal(buf.at, "");
	buf_addz(&buf, "ab");
	buf_byte(&buf, 0);
	buf_fmt(&buf, "%03d", 7);
	assert_str(buf_str(&buf), str_at("ab\0"
					 "007",
					 6));
	assert_int_equal(buf.at[6], 0);
	buf_cut(&buf, 1);
	assert_string_equal(buf.at, "a");
	for (int i = 0; i < 999; i++) {
		buf_byte(&buf, 'x');
		assert_int_equal(buf.at[buf.len], 0);
	}
	assert_false(buf_over(&buf));
	assert_int_equal(buf.len, 1000);
	buf_done(&buf);
	assert_string_equal(buf.at, "");
	buf_addz(&buf, "again");
	assert_string_equal(buf.at, "again");
	buf_done(&buf);
}

static void add_bytes(struct buf *buf)
{
	buf_add(buf, STR("67"));
}

static void add_text(struct buf *buf)
{
	buf_addz(buf, "67");
}

static void add_format(struct buf *buf)
{
	buf_fmt(buf, "%d", 67);
}

static void add_reserved(struct buf *buf)
{
	char *room = buf_reserve(buf, 2);

	assert_null(room);
}

static void past_its_ceiling_a_buffer_adds_nothing_more(void **state)
{
	static void (*const adders[])(struct buf *) = {
		add_bytes,
		add_text,
		add_format,
		add_reserved,
	};

	(void)state;
	for (size_t i = 0; i < COUNT(adders); i++) {
		struct buf buf;

		buf_init(&buf, 6);
		buf_addz(&buf, "12345");
		adders[i](&buf);
		assert_true(buf_over(&buf));
		assert_string_equal(buf.at, "12345");
		/* It would fit, and would leave a hole before it. */
		buf_byte(&buf, '8');
		assert_null(buf_reserve(&buf, 1));
		assert_string_equal(buf.at, "12345");
		buf_reset(&buf);
		assert_false(buf_over(&buf));
		buf_addz(&buf, "123456");
		assert_string_equal(buf.at, "123456");
		assert_false(buf_over(&buf));
		buf_done(&buf);
	}
}

static void reserved_room_is_there_to_its_last_byte(void **state)
{
	struct buf buf;
	char *room;

	(void)state;
	buf_init(&buf, 5000);
	buf_addz(&buf, "x");
	room = buf_reserve(&buf, 4999);
	assert_non_null(room);
	memset(room, 'y', 5000);
	buf.len += 4999;
	room[4999] = 0;
	assert_int_equal(strlen(buf.at), 5000);
	assert_null(buf_reserve(&buf, 1));
	buf_done(&buf);
}

static void reserve(const void *arg)
{
	struct buf buf;

	buf_init(&buf, SIZE_MAX);
	buf_addz(&buf, "12345");
	if (!buf_reserve(&buf, *(const size_t *)arg))
		_exit(buf_over(&buf) ? 3 : 4);
	buf_done(&buf);
}

static void a_buffer_without_a_ceiling_still_cannot_overflow(void **state)
{
	static const size_t sizes[] = { SIZE_MAX, SIZE_MAX - 5, SIZE_MAX - 6,
					SIZE_MAX / 2, SIZE_MAX / 2 - 5 };
	struct buf buf;
	int status;

	(void)state;
	buf_init(&buf, SIZE_MAX);
	for (int i = 0; i < 1000; i++)
		buf_addz(&buf, "0123456789");
	assert_int_equal(buf.len, 10000);
	assert_true(buf.room > buf.len);
	buf_done(&buf);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		last_words(reserve, &sizes[i], &status);
		assert_int_equal(status, 3);
	}
}

static void say_and_die(const void *arg)
{
	die("cannot %s 'x'", (const char *)arg);
}

static void who_dies_says_why_and_leaves_with_70(void **state)
{
	char long_word[2000];
	int status;

	(void)state;
	assert_string_equal(last_words(say_and_die, "read", &status),
			    "tidings: cannot read 'x'\n");
	assert_int_equal(status, 70);
	memset(long_word, 'a', sizeof(long_word) - 1);
	long_word[sizeof(long_word) - 1] = 0;
	assert_int_equal(strlen(last_words(say_and_die, long_word, &status)),
			 9 + 511 + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			what_an_arena_gives_is_zeroed_aligned_and_apart),
		cmocka_unit_test(
			a_copy_is_followed_by_a_nul_and_keeps_the_ones_inside),
		cmocka_unit_test(
			an_arena_gives_up_to_its_ceiling_and_then_ends_the_program),
		cmocka_unit_test(
			the_ceiling_counts_what_was_taken_in_small_pieces),
		cmocka_unit_test(a_product_that_overflows_ends_the_program),
		cmocka_unit_test(after_a_reset_everything_may_be_taken_again),
		cmocka_unit_test(a_buffer_is_terminated_from_birth_to_end),
		cmocka_unit_test(past_its_ceiling_a_buffer_adds_nothing_more),
		cmocka_unit_test(reserved_room_is_there_to_its_last_byte),
		cmocka_unit_test(
			a_buffer_without_a_ceiling_still_cannot_overflow),
		cmocka_unit_test(who_dies_says_why_and_leaves_with_70),
	};

	return cmocka_run_group_tests_name("base_memory", tests, NULL, NULL);
}
