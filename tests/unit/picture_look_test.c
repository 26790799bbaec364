/* picture_look_test.c - files looked at without the library */
#include "picture_rig.h"

static void a_file_says_what_it_is_and_how_large(void **state)
{
	struct rig *rig = *state;
	const struct {
		struct str bytes;
		struct look look;
	} cases[] = {
		{ a_png(rig, 31, 17),
		  { .kind = KIND_PNG, .width = 31, .height = 17 } },
		{ a_palette_png(rig, 31, 17),
		  { .kind = KIND_PNG,
		    .width = 31,
		    .height = 17,
		    .palette = true } },
		{ a_jpeg(rig, 700, 300),
		  { .kind = KIND_JPEG, .width = 700, .height = 300 } },
		{ ink_jpeg(rig, 0xc2, 300, 7),
		  { .kind = KIND_JPEG,
		    .width = 300,
		    .height = 7,
		    .inks = true } },
		{ a_gif(rig, 260, 3),
		  { .kind = KIND_GIF,
		    .width = 260,
		    .height = 3,
		    .palette = true } },
		{ a_moving_gif(rig, 20, 30, 2),
		  { .kind = KIND_GIF,
		    .width = 20,
		    .height = 30,
		    .palette = true,
		    .moves = true } },
		{ a_webp(rig, 300, 20, false),
		  { .kind = KIND_WEBP, .width = 300, .height = 20 } },
		{ a_webp(rig, 300, 20, true),
		  { .kind = KIND_WEBP, .width = 300, .height = 20 } },
		{ an_avif(rig, 300, 20, true),
		  { .kind = KIND_AVIF, .width = 300, .height = 20 } },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct look *want = &cases[i].look;
		struct look look;

		assert_int_equal(look_at(cases[i].bytes, &look), FAULT_NONE);
		assert_int_equal(look.kind, want->kind);
		assert_int_equal(look.width, want->width);
		assert_int_equal(look.height, want->height);
		assert_int_equal(look.palette, want->palette);
		assert_int_equal(look.moves, want->moves);
		assert_int_equal(look.inks, want->inks);
		assert_int_equal(look.turn, 1);
	}
}

static void each_format_has_its_own_way_to_tell_a_turn(void **state)
{
	struct rig *rig = *state;
	struct str avif = an_avif(rig, 30, 20, false);
	struct str size = STR("ispe\0\0\0\0\0\0\0\x1e\0\0\0\x14");
	struct str turned = with(rig, avif,
				 (size_t)str_find_str(avif, size) + size.len,
				 STR("\0\0\0\x09irot\3"));
	struct str webp = a_webp(rig, 30, 20, false);
	struct str exif_chunk = with(rig, exif(rig, 6), 0, STR("EXIF"));
	struct look look;
	char *out;

	assert_int_equal(look_at(turned_jpeg(rig, 30, 20, 8), &look),
			 FAULT_NONE);
	assert_int_equal(look.turn, 8);
	assert_int_equal(look_at(with(rig, a_png(rig, 30, 20), PNG_INSIDE,
				      chunk(rig, "eXIf", exif(rig, 3))),
				 &look),
			 FAULT_NONE);
	assert_int_equal(look.turn, 3);
	/* The length of the chunk, and of all. */
	exif_chunk = with(
		rig, exif_chunk, 4,
		str_at((char[]){ (char)(exif_chunk.len - 4), 0, 0, 0 }, 4));
	webp = with(rig, webp, webp.len, exif_chunk);
	out = memcpy(arena_take(rig->arena, webp.len), webp.at, webp.len);
	for (int i = 0; i < 4; i++)
		out[4 + i] = (char)((webp.len - 8) >> (8 * i));
	assert_int_equal(look_at(str_at(out, webp.len), &look), FAULT_NONE);
	assert_int_equal(look.turn, 6);
	/* Boxes around it are longer now. */
	out = memcpy(arena_take(rig->arena, turned.len), turned.at, turned.len);
	for (size_t i = 0; i + 8 < turned.len && i < 300; i++)
		if (!memcmp(out + i + 4, "meta", 4) ||
		    !memcmp(out + i + 4, "iprp", 4) ||
		    !memcmp(out + i + 4, "ipco", 4))
			out[i + 3] = (char)(out[i + 3] + 9);
	assert_int_equal(look_at(str_at(out, turned.len), &look), FAULT_NONE);
	assert_int_equal(look.turn, 6);
	assert_int_equal(look.width, 30);
}

static void a_broken_orientation_turns_nothing(void **state)
{
	static const struct str cases[] = {
		STR_NONE,
		STR("MM\0*"),
		STR("MM\0*\0\0\0\x08"),
		STR("MM\0*\0\0\0\x08\0\1"),
		STR("MM\0*\xff\xff\xff\xff\0\1\0\0"),
		STR("MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\x09\0\0"),
		STR("MM\0*\0\0\0\x08\0\1\1\x12\0\4\0\0\0\1\0\6\0\0"),
		STR("MM\0+\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0"),
		STR("MM\0*\0\0\0\x08\xff\xff\1\x11\0\3\0\0\0\1\0\6\0\0"),
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(exif_turn(cases[i]), 1);
	assert_int_equal(exif_turn(STR("II*\0\x08\0\0\0\1\0\x12\1\3\0"
				       "\1\0\0\0\6\0\0\0")),
			 6);
}

/* A copy that has been cut off anywhere is not taken for a whole one. */
static void a_file_cut_off_anywhere_is_refused(void **state)
{
	struct rig *rig = *state;
	const struct str files[] = { a_png(rig, 9, 7),
				     turned_jpeg(rig, 9, 7, 2),
				     a_webp(rig, 9, 7, true) };

	for (size_t i = 0; i < COUNT(files); i++)
		for (size_t len = 0; len < files[i].len; len++) {
			/* Of its own length, so that no read goes past it
			 * unseen. */
			char *cut = malloc(len + 1);
			struct look look;

			memcpy(cut, files[i].at, len);
			if (look_at(str_at(cut, len), &look) == FAULT_NONE)
				fail_msg("file %zu of %zu bytes is taken", i,
					 len);
			free(cut);
		}
}

static void a_gif_without_its_last_byte_is_whole(void **state)
{
	struct rig *rig = *state;
	struct str gif = a_gif(rig, 40, 30);
	struct look look;
	struct buf out;

	buf_init(&out, (size_t)1 << 20);
	assert_int_equal(look_at(str_head(gif, gif.len - 1), &look),
			 FAULT_NONE);
	gif_strip(str_head(gif, gif.len - 1), &out);
	assert_true(str_eq(buf_str(&out), gif));
	buf_done(&out);
	assert_int_equal(look_at(str_head(gif, gif.len - 2), &look), FAULT_CUT);
}

static void what_mail_cannot_show_moving_is_known(void **state)
{
	/* A WebP of the extended form says so in its first flags. */
	static const struct str webp = STR(
		"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\2\0\0\0\x1d\0\0\x13\0\0");
	struct rig *rig = *state;
	struct str avif = an_avif(rig, 30, 20, false);
	char *out = memcpy(arena_take(rig->arena, avif.len), avif.at, avif.len);
	struct look look;

	assert_int_equal(look_at(webp, &look), FAULT_NONE);
	assert_true(look.moves);
	assert_int_equal(look.width, 30);
	assert_int_equal(look.height, 20);
	memcpy(out + 8, "avis", 4);
	assert_int_equal(look_at(str_at(out, avif.len), &look), FAULT_NONE);
	assert_true(look.moves);
}

static void stripping_twice_is_stripping_once(void **state)
{
	static void (*const strips[])(struct str, struct buf *) = {
		[KIND_PNG] = png_strip,
		[KIND_JPEG] = jpeg_strip,
		[KIND_GIF] = gif_strip,
	};
	struct rig *rig = *state;
	const struct str files[] = { a_png(rig, 60, 40),
				     turned_jpeg(rig, 60, 40, 3),
				     a_moving_gif(rig, 60, 40, 3) };

	for (size_t i = 0; i < COUNT(files); i++) {
		struct buf once, twice;
		struct look look;

		buf_init(&once, (size_t)1 << 20);
		buf_init(&twice, (size_t)1 << 20);
		assert_int_equal(look_at(files[i], &look), FAULT_NONE);
		strips[look.kind](files[i], &once);
		strips[look.kind](buf_str(&once), &twice);
		assert_true(str_eq(buf_str(&once), buf_str(&twice)));
		buf_done(&once);
		buf_done(&twice);
	}
}

/* Cameras put a small copy of the whole picture into its head, where it stays
 * when somebody has cut a face off. */
static void no_small_copy_stays_in_the_head(void **state)
{
	struct rig *rig = *state;
	struct str jpeg = a_jpeg(rig, 60, 40);
	struct str head = segment(rig, 0xe0,
				  STR("JFIF\0\1\2\1\0\x60\0\x60\1\1abc"));
	struct buf out;
	struct look look;

	buf_init(&out, (size_t)1 << 20);
	jpeg = with(rig, with(rig, str_skip(jpeg, JPEG_INSIDE), 0, head), 0,
		    STR("\xff\xd8"));
	jpeg_strip(jpeg, &out);
	assert_lacks(buf_str(&out), "abc");
	assert_int_equal(look_at(buf_str(&out), &look), FAULT_NONE);
	assert_true(str_find_str(buf_str(&out),
				 STR("\1\2\1\0\x60\0\x60\0\0\xff")) > 0);
	buf_done(&out);
}

#define test(f) cmocka_unit_test_setup_teardown(f, rig_up, rig_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_file_says_what_it_is_and_how_large),
		test(each_format_has_its_own_way_to_tell_a_turn),
		test(a_broken_orientation_turns_nothing),
		test(a_file_cut_off_anywhere_is_refused),
		test(a_gif_without_its_last_byte_is_whole),
		test(what_mail_cannot_show_moving_is_known),
		test(stripping_twice_is_stripping_once),
		test(no_small_copy_stays_in_the_head),
	};

	return cmocka_run_group_tests_name("look", tests, NULL, NULL);
}
