/* picture_ready_test.c - what comes out for each kind of file */
#include "base_rig.h"
#include "picture_rig.h"

#include <sys/resource.h>

/* --- what letters take as it is ------------------------------------------- */

static void a_picture_that_fits_keeps_its_pixels_as_they_were(void **state)
{
	struct rig *rig = *state;
	const struct {
		struct str bytes;
		enum picture_type type;
	} cases[] = {
		{ a_png(rig, 300, 200), PICTURE_PNG },
		{ a_palette_png(rig, 300, 200), PICTURE_PNG },
		{ a_gif(rig, 300, 200), PICTURE_GIF },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct picture_ready ready = ready_of(rig, cases[i].bytes, 536);

		assert_int_equal(ready.type, cases[i].type);
		assert_size(&ready, 300, 200);
		assert_true(str_eq(ready.bytes, cases[i].bytes));
	}
}

static void a_jpeg_that_fits_is_not_encoded_again(void **state)
{
	struct rig *rig = *state;
	struct str bytes = a_jpeg(rig, 300, 200);
	struct picture_ready ready = ready_of(rig, bytes, 536);
	ptrdiff_t tables = str_find_str(bytes, STR("\xff\xdb"));
	ptrdiff_t kept = str_find_str(ready.bytes, STR("\xff\xdb"));

	assert_int_equal(ready.type, PICTURE_JPEG);
	assert_size(&ready, 300, 200);
	/* The library's comment is gone; the rest is byte for byte. */
	assert_lacks(ready.bytes, "CREATOR");
	assert_true(str_eq(str_skip(bytes, (size_t)tables),
			   str_skip(ready.bytes, (size_t)kept)));
}

/* --- what tells of places and times --------------------------------------- */

static struct str secret_png(struct rig *rig)
{
	struct str png = a_png(rig, 60, 40);

	png = with(rig, png, PNG_INSIDE,
		   chunk(rig, "tEXt", STR("Comment\0" SECRET)));
	png = with(
		rig, png, PNG_INSIDE,
		chunk(rig, "iTXt", STR("XML:com.adobe.xmp\0\0\0\0\0" SECRET)));
	png = with(rig, png, PNG_INSIDE,
		   chunk(rig, "tIME", STR("\x07\xea\5\x16\x0c\0\0")));
	png = with(rig, png, PNG_INSIDE, chunk(rig, "prVt", STR(SECRET)));
	return with(rig, png, png.len, STR(SECRET));
}

static struct str secret_jpeg(struct rig *rig)
{
	struct str jpeg = turned_jpeg(rig, 60, 40, 1);

	jpeg = with(rig, jpeg, JPEG_INSIDE, segment(rig, 0xfe, STR(SECRET)));
	jpeg = with(rig, jpeg, JPEG_INSIDE,
		    segment(rig, 0xe1,
			    STR("http://ns.adobe.com/xap/1.0/\0" SECRET)));
	jpeg = with(rig, jpeg, JPEG_INSIDE,
		    segment(rig, 0xed, STR("Photoshop 3.0\0" SECRET)));
	/* A second picture behind the first, as telephones write it. */
	return with(rig, jpeg, jpeg.len, turned_jpeg(rig, 60, 40, 1));
}

static struct str secret_gif(struct rig *rig)
{
	static const char comment[] = "\x21\xfe\x15" SECRET;
	static const char xmp[] = "\x21\xff\x0bXMP DataXMP\x15" SECRET;
	struct str gif = a_moving_gif(rig, 60, 40, 3);
	ptrdiff_t at = str_find_str(gif, STR("\x21\xf9"));

	/* The NUL of each ends its data. */
	gif = with(rig, gif, (size_t)at, str_at(comment, sizeof(comment)));
	return with(rig, gif, (size_t)at, str_at(xmp, sizeof(xmp)));
}

static void nothing_tells_where_it_was_taken(void **state)
{
	struct rig *rig = *state;
	const struct str files[] = { secret_png(rig), secret_jpeg(rig),
				     secret_gif(rig),
				     turned_jpeg(rig, 60, 40, 6),
				     turned_jpeg(rig, 1600, 40, 1) };

	for (size_t i = 0; i < COUNT(files); i++) {
		struct picture_ready ready;

		assert_true(str_find_str(files[i], STR(SECRET)) > 0);
		ready = ready_of(rig, files[i], 100);
		assert_lacks(ready.bytes, SECRET);
		assert_lacks(ready.bytes, "Exif");
		assert_lacks(ready.bytes, "XMP");
		assert_lacks(ready.bytes, "tIME");
	}
}

/* --- colours -------------------------------------------------------------- */

static void a_colour_profile_stays_also_when_the_picture_is_scaled(void **state)
{
	static const char profile[] = "ICC_PROFILE\0\1\1the profile of a lamp";
	struct rig *rig = *state;
	const int widths[] = { 200, 2000 };

	for (size_t i = 0; i < COUNT(widths); i++) {
		struct str jpeg = with(rig, a_jpeg(rig, widths[i], 100),
				       JPEG_INSIDE,
				       segment(rig, 0xe2, STR(profile)));
		struct str png = with(rig, a_png(rig, widths[i], 100),
				      PNG_INSIDE,
				      chunk(rig, "gAMA", STR("\0\0\xb1\x8f")));
		struct picture_ready ready = ready_of(rig, jpeg, 200);

		assert_int_equal(ready.width, i ? 400 : 200);
		assert_true(str_find_str(ready.bytes, STR(profile)) > 0);
		ready = ready_of(rig, png, 200);
		assert_int_equal(ready.width, i ? 400 : 200);
		assert_true(str_find_str(ready.bytes, STR("gAMA")) > 0);
	}
}

static void a_picture_in_printing_inks_gets_the_colours_of_a_screen(
	void **state)
{
	struct rig *rig = *state;
	struct str inks = ink_jpeg(rig, 0xc0, 8, 8);
	struct picture_ready ready;
	struct look look;

	assert_int_equal(look_at(inks, &look), FAULT_NONE);
	assert_true(look.inks);
	ready = ready_of(rig, inks, 536);
	assert_int_equal(ready.type, PICTURE_JPEG);
	assert_int_equal(look_at(ready.bytes, &look), FAULT_NONE);
	assert_false(look.inks);
	assert_size(&ready, 8, 8);
}

/* --- sizes ---------------------------------------------------------------- */

static void a_file_far_wider_than_it_shows_is_scaled_to_twice_that(void **state)
{
	static const struct {
		int width, height, shown, to_width, to_height;
	} cases[] = {
		{ 1340, 100, 536, 1340, 100 }, /* 2.5 times: left alone */
		{ 1341, 100, 536, 1072, 80 },  { 3000, 2000, 536, 1072, 715 },
		{ 3000, 2000, 300, 600, 400 }, { 3000, 1, 72, 144, 1 },
		{ 100, 4000, 536, 100, 4000 }, /* shows 43 by 1728 */
		{ 900, 9000, 536, 344, 3440 }, /* shows 172 by 1728 */
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str bytes = a_jpeg(rig, cases[i].width, cases[i].height);
		struct picture_ready ready = ready_of(rig, bytes,
						      cases[i].shown);
		int width, height;

		assert_size(&ready, cases[i].to_width, cases[i].to_height);
		assert_true(ready.bytes.len <= bytes.len);
		/* Made anew it comes from coarse to fine. */
		assert_int_equal(
			str_find_str(ready.bytes, STR("\xff\xc2\0\x11")) > 0,
			cases[i].to_width != cases[i].width);
		picture_shown(ready.width, ready.height, cases[i].shown, &width,
			      &height);
		assert_in_range(height, 1, PICTURE_HEIGHT_MAX);
	}
}

static void what_is_scaled_is_of_the_same_kind(void **state)
{
	struct rig *rig = *state;
	struct picture_ready ready = ready_of(rig, a_png(rig, 900, 600), 100);
	struct look look;

	assert_int_equal(ready.type, PICTURE_PNG);
	assert_size(&ready, 200, 133);
	ready = ready_of(rig, a_palette_png(rig, 900, 600), 100);
	assert_int_equal(ready.type, PICTURE_PNG);
	assert_int_equal(look_at(ready.bytes, &look), FAULT_NONE);
	assert_true(look.palette);
	ready = ready_of(rig, a_gif(rig, 900, 600), 100);
	assert_int_equal(ready.type, PICTURE_PNG);
	assert_size(&ready, 200, 133);
}

/* Few colours in large fields cost less than the shades between them. */
static void scaling_never_makes_a_file_larger(void **state)
{
	struct rig *rig = *state;
	gdImagePtr image = gdImageCreatePalette(900, 900);
	int size;
	void *made;
	struct str bytes;
	struct picture_ready ready;

	gdImageColorAllocate(image, 255, 255, 255);
	gdImageColorAllocate(image, 0, 0, 0);
	for (int i = 0; i < 60; i++)
		gdImageEllipse(image, 450, 450, 880 - i * 14, 870 - i * 13, 1);
	made = gdImagePngPtr(image, &size);
	bytes = keep(rig, image, made, size);
	ready = ready_of(rig, bytes, 340);
	assert_true(ready.bytes.len <= bytes.len);
}

static void the_same_file_gives_the_same_bytes(void **state)
{
	struct rig *rig = *state;
	const struct str files[] = { a_jpeg(rig, 2000, 500),
				     a_png(rig, 2000, 500),
				     a_webp(rig, 400, 300, false),
				     an_avif(rig, 400, 300, true) };

	for (size_t i = 0; i < COUNT(files); i++) {
		struct picture_ready first = ready_of(rig, files[i], 300);
		struct picture_ready again = ready_of(rig, files[i], 300);

		assert_true(str_eq(first.bytes, again.bytes));
	}
}

/* --- turned --------------------------------------------------------------- */

/* "RGBW" as the four fields lie: above left, above right, below. */
static void read_fields(struct str bytes, char fields[5])
{
	gdImagePtr image = gdImageCreateFromJpegPtr(
		(int)bytes.len, (void *)(uintptr_t)bytes.at);
	int width, height;

	assert_non_null(image);
	width = gdImageSX(image);
	height = gdImageSY(image);
	for (int i = 0; i < 4; i++) {
		int c = gdImageTrueColorPixel(image,
					      width / 4 + i % 2 * width / 2,
					      height / 4 + i / 2 * height / 2);
		bool red = gdTrueColorGetRed(c) > 128;
		bool green = gdTrueColorGetGreen(c) > 128;

		fields[i] = red && green ? 'W' : red ? 'R' : green ? 'G' : 'B';
	}
	fields[4] = 0;
	gdImageDestroy(image);
}

static void a_photograph_stands_as_the_camera_was_held(void **state)
{
	/* As EXIF numbers where row 0 and column 0 of the file belong. */
	static const char *const fields[9] = { "",     "RGBW", "GRWB",
					       "WBGR", "BWRG", "RBGW",
					       "BRWG", "WGBR", "GWRB" };
	struct rig *rig = *state;

	for (int turn = 1; turn <= 8; turn++)
		for (int large = 0; large <= 1; large++) {
			int width = large ? 1200 : 96, height = width / 3;
			struct str bytes = turned_jpeg(rig, width, height,
						       turn);
			struct picture_ready ready = ready_of(rig, bytes, 100);
			char got[5];

			read_fields(ready.bytes, got);
			assert_string_equal(got, fields[turn]);
			if (!large)
				assert_size(&ready, turn < 5 ? width : height,
					    turn < 5 ? height : width);
			else
				assert_size(&ready, 200, turn < 5 ? 67 : 600);
		}
}

/* --- other kinds ---------------------------------------------------------- */

static void what_mail_does_not_show_becomes_jpeg_or_png(void **state)
{
	struct rig *rig = *state;
	const struct {
		struct str bytes;
		enum picture_type type;
	} cases[] = {
		{ a_webp(rig, 300, 200, false), PICTURE_JPEG },
		{ a_webp(rig, 300, 200, true), PICTURE_PNG },
		{ an_avif(rig, 300, 200, false), PICTURE_JPEG },
		{ an_avif(rig, 300, 200, true), PICTURE_PNG },
		{ a_heic(rig, 300, 200), PICTURE_JPEG },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct picture_ready ready;

		if (cases[i].bytes.len == 0)
			continue;
		ready = ready_of(rig, cases[i].bytes, 536);
		assert_int_equal(ready.type, cases[i].type);
		assert_size(&ready, 300, 200);
		ready = ready_of(rig, cases[i].bytes, 50);
		assert_size(&ready, 100, 67);
	}
}

/* The library knows the frame, readers see the screen around it. */
static void a_gif_is_as_large_as_its_screen(void **state)
{
	struct rig *rig = *state;
	struct str gif = a_gif(rig, 40, 30);
	char *out = memcpy(arena_take(rig->arena, gif.len), gif.at, gif.len);
	struct picture_ready ready;

	out[6] = 60;
	out[8] = 50;
	ready = ready_of(rig, str_at(out, gif.len), 536);
	assert_size(&ready, 60, 50);
}

/* The box `name` says that it is `len` longer. */
static struct str box_grown(struct rig *rig, struct str file, const char *name,
			    size_t len)
{
	char *out = memcpy(arena_take(rig->arena, file.len), file.at, file.len);
	ptrdiff_t at = str_find_str(file, str_of(name)) - 4;

	assert_true(at >= 0);
	out[at + 2] = (char)((big16(file, (size_t)at + 2) + len) >> 8);
	out[at + 3] = (char)(big16(file, (size_t)at + 2) + len);
	return str_at(out, file.len);
}

/* One item, with four properties: a fifth says how it is turned. */
static struct str turned_avif(struct rig *rig, int quarters)
{
	struct str list = STR("ipma\0\0\0\0\0\0\0\1\0\1\4");
	struct str avif = an_avif(rig, 300, 200, false);
	ptrdiff_t at = str_find_str(avif, list);
	ptrdiff_t data = str_find_str(avif, STR("iloc")) + 4 + 14;
	char box[] = { 0, 0, 0, 9, 'i', 'r', 'o', 't', (char)quarters };
	char *out;

	assert_true(at > 0);
	out = memcpy(arena_take(rig->arena, avif.len), avif.at, avif.len);
	out[at + 14] = 5;
	out[data + 2] = (char)((big16(avif, (size_t)data + 2) + 10) >> 8);
	out[data + 3] = (char)(big16(avif, (size_t)data + 2) + 10);
	avif = with(rig, str_at(out, avif.len), (size_t)at + list.len + 4,
		    STR("\x85"));
	avif = box_grown(rig, avif, "ipma", 1);
	avif = with(rig, avif, (size_t)at - 4, str_at(box, sizeof(box)));
	avif = box_grown(rig, avif, "ipco", 9);
	avif = box_grown(rig, avif, "iprp", 10);
	return box_grown(rig, avif, "meta", 10);
}

static void an_avif_is_turned_too(void **state)
{
	static const char *const fields[4] = { "RGBW", "GWRB", "WBGR", "BRWG" };
	struct rig *rig = *state;

	for (int quarters = 0; quarters < 4; quarters++) {
		struct picture_ready ready = ready_of(
			rig, turned_avif(rig, quarters), 536);
		char got[5];

		read_fields(ready.bytes, got);
		assert_string_equal(got, fields[quarters]);
		assert_int_equal(ready.width, quarters % 2 ? 200 : 300);
	}
}

static void an_animation_goes_on_moving(void **state)
{
	struct rig *rig = *state;
	struct str gif = a_moving_gif(rig, 400, 300, 4);
	struct picture_ready ready = ready_of(rig, gif, 50);
	struct look look;

	assert_int_equal(ready.type, PICTURE_GIF);
	assert_true(str_eq(ready.bytes, gif));
	assert_int_equal(look_at(ready.bytes, &look), FAULT_NONE);
	assert_true(look.moves);
	assert_true(str_find_str(ready.bytes, STR("NETSCAPE2.0")) > 0);
}

/* --- refused -------------------------------------------------------------- */

static struct str large_head(struct rig *rig)
{
	struct str png = STR("\x89PNG\r\n\x1a\n");
	char *much = arena_take(rig->arena, 100000);
	struct str tail = chunk(rig, "IEND", STR_NONE);

	png = with(
		rig, png, png.len,
		chunk(rig, "IHDR", STR("\0\0\x9c\x40\0\0\x9c\x40\1\0\0\0\0")));
	png = with(rig, png, png.len, chunk(rig, "IDAT", str_at(much, 100000)));
	return with(rig, png, png.len, tail);
}

static void what_is_no_picture_for_a_letter_is_refused_with_a_cure(void **state)
{
	struct rig *rig = *state;
	struct str png = a_png(rig, 60, 40), jpeg = a_jpeg(rig, 60, 40);
	struct str gif = a_gif(rig, 60, 40);
	size_t half = png.len / 2;
	struct str broken = with(
		rig, str_head(png, half), half,
		with(rig, str_skip(png, half + 9), 0, STR("no pixels")));
	const struct {
		struct str bytes;
		const char *words, *cure;
	} cases[] = {
		{ STR_NONE, "is empty", "anew" },
		{ STR("Hello, this is no picture at all."), "is no picture",
		  "PNG, JPEG" },
		{ STR("<?xml version='1.0'?>\n<!-- x -->\n<svg xmlns='x'>"),
		  "SVG", "PNG" },
		{ STR("BM\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), "BMP", "PNG" },
		{ str_head(png, png.len - 20), "ends before", "anew" },
		{ str_head(jpeg, jpeg.len / 2), "ends before", "anew" },
		{ str_head(jpeg, 100), "ends before", "anew" },
		{ str_head(gif, gif.len - 20), "ends before", "anew" },
		{ broken, "is damaged", "anew" },
		{ STR("RIFF\xff\0\0\0WEBPVP8 \0\0\0\0"), "ends before",
		  "anew" },
		{ large_head(rig), "50 million pixels", "smaller" },
		{ a_moving_gif(rig, 900, 900, 14), "more than 4 MiB",
		  "shorter" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct picture_wish wish = wish_for(cases[i].bytes, 536);
		struct picture_ready ready;

		if (picture_ready(&wish, rig->arena, &ready, &rig->err) == 0)
			fail_msg("case %zu was taken", i);
		assert_int_equal(rig->err.code, ERR_INPUT);
		if (!strstr(rig->err.message, cases[i].words) ||
		    !strstr(rig->err.message, "'articles/a.jpg'") ||
		    !strstr(rig->err.hint, cases[i].cure))
			fail_msg("case %zu: %s (%s)", i, rig->err.message,
				 rig->err.hint);
	}
}

#if defined(__SANITIZE_ADDRESS__)
#define MEMORY_IS_LIMITED 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MEMORY_IS_LIMITED 0
#endif
#endif
#ifndef MEMORY_IS_LIMITED
#define MEMORY_IS_LIMITED 1
#endif

/* A few hundred bytes that ask for 600 MB: four inks in steps want all of them
 * in memory at once. */
static void a_picture_that_wants_all_the_memory_gets_none(void **state)
{
	struct rig *rig = *state;
	struct picture_wish wish = wish_for(ink_jpeg(rig, 0xc2, 7000, 7000),
					    536);
	struct picture_ready ready;
	struct rusage usage;

	/* Limits on memory exclude the sanitizer, and valgrind's own is
	 * counted in. */
	if (!MEMORY_IS_LIMITED || under_valgrind())
		skip();
	assert_true(wish.bytes.len < 1000);
	assert_int_equal(picture_ready(&wish, rig->arena, &ready, &rig->err),
			 -1);
	assert_int_equal(rig->err.code, ERR_INPUT);
	assert_true(strstr(rig->err.message, "memory") != NULL);
	getrusage(RUSAGE_CHILDREN, &usage);
	assert_true(usage.ru_maxrss < 600 * 1024);
}

#define test(f) cmocka_unit_test_setup_teardown(f, rig_up, rig_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_picture_that_wants_all_the_memory_gets_none),
		test(a_picture_that_fits_keeps_its_pixels_as_they_were),
		test(a_jpeg_that_fits_is_not_encoded_again),
		test(nothing_tells_where_it_was_taken),
		test(a_colour_profile_stays_also_when_the_picture_is_scaled),
		test(a_picture_in_printing_inks_gets_the_colours_of_a_screen),
		test(a_file_far_wider_than_it_shows_is_scaled_to_twice_that),
		test(what_is_scaled_is_of_the_same_kind),
		test(scaling_never_makes_a_file_larger),
		test(the_same_file_gives_the_same_bytes),
		test(a_photograph_stands_as_the_camera_was_held),
		test(what_mail_does_not_show_becomes_jpeg_or_png),
		test(an_avif_is_turned_too),
		test(a_gif_is_as_large_as_its_screen),
		test(an_animation_goes_on_moving),
		test(what_is_no_picture_for_a_letter_is_refused_with_a_cure),
	};

	return cmocka_run_group_tests_name("ready", tests, NULL, NULL);
}
