/* ready.c - what is done with a picture: see picture/picture.h */
#include "picture_priv.h"

#include "base/child.h"

/* A file may be as wide again as twice its place before it is scaled: below
 * that little is won. */
#define FAR_TOO_WIDE(width, shown) ((width) > (shown)*5 / 2)
#define FINE(shown)		   ((shown)*2)

#define ANSWER_MAX (2 * PICTURE_FILE_MAX)

static const struct child_limits limits = {
	.cpu_s = 20,
	.wall_ms = 60000,
	.memory = (size_t)512 * 1024 * 1024,
	.answer = ANSWER_MAX,
};

static const struct {
	const char *media, *ending;
	struct str magic;
} types[] = {
	[PICTURE_PNG] = { "image/png", "png", STR("\x89PNG\r\n\x1a\n") },
	[PICTURE_JPEG] = { "image/jpeg", "jpg", STR("\xff\xd8\xff") },
	[PICTURE_GIF] = { "image/gif", "gif", STR("GIF8") },
};

const char *picture_media_type(enum picture_type type)
{
	return types[type].media;
}

const char *picture_ending(enum picture_type type)
{
	return types[type].ending;
}

void picture_shown(int width, int height, int room, int *width_out,
		   int *height_out)
{
	int64_t w = width < room ? width : room;
	int64_t h = (w * height + width / 2) / width;

	if (h > PICTURE_HEIGHT_MAX) {
		h = PICTURE_HEIGHT_MAX;
		w = h * width / height;
	}
	*width_out = w > 0 ? (int)w : 1;
	*height_out = h > 0 ? (int)h : 1;
}

/* --- in the child --------------------------------------------------------- */

struct job {
	const struct picture_wish *wish;
	struct look look;
	struct paint *paint;
	bool must; /* letters cannot have it as it is */
	int width; /* to make it, before it is turned */
	int height;
	enum picture_type type;
	struct buf *out;
};

/* What comes back: this, and then the bytes. */
struct record {
	int32_t type, width, height;
};

static int complain(const struct job *job, enum fault fault, struct err *err)
{
	static const struct {
		const char *words, *cure;
	} faults[FAULT_COUNT] = {
#define X(name, words, cure) { words, cure },
		FAULTS(X)
#undef X
	};

	err_set(err, ERR_INPUT, "'%s' %s", job->wish->name,
		faults[fault].words);
	return err_hint(err, "%s", faults[fault].cure);
}

static bool is_for_mail(enum kind kind)
{
	return kind == KIND_PNG || kind == KIND_JPEG || kind == KIND_GIF;
}

/* Moving pictures cannot be made anew without standing still. */
static enum fault check_motion(const struct job *job)
{
	if (!job->look.moves)
		return FAULT_NONE;
	if (!is_for_mail(job->look.kind))
		return FAULT_MOVES_ODDLY;
	return job->wish->bytes.len > PICTURE_MOVING_MAX ? FAULT_MOVES
							 : FAULT_NONE;
}

static void swap(int *a, int *b)
{
	int old = *a;

	*a = *b;
	*b = old;
}

/* The size to make it in: thought of as it will stand, kept as it lies. */
static void choose_size(struct job *job, int width, int height)
{
	bool lies = job->look.turn >= 5;
	int shown, shown_height;

	if (lies)
		swap(&width, &height);
	picture_shown(width, height, job->wish->width, &shown, &shown_height);
	if (!job->look.moves && (FAR_TOO_WIDE(width, shown) ||
				 (job->must && width > FINE(shown)))) {
		height = (int)(((int64_t)height * FINE(shown) + width / 2) /
			       width);
		width = FINE(shown);
	}
	job->width = width;
	job->height = height > 0 ? height : 1;
	if (lies)
		swap(&job->width, &job->height);
}

static bool is_resized(const struct job *job)
{
	int width, height;

	paint_size(job->paint, &width, &height);
	return job->width != width || job->height != height;
}

static void strip(const struct job *job, struct buf *out)
{
	switch (job->look.kind) {
	case KIND_PNG:
		png_strip(job->wish->bytes, out);
		break;
	case KIND_JPEG:
		jpeg_strip(job->wish->bytes, out);
		break;
	case KIND_GIF:
		gif_strip(job->wish->bytes, out);
		break;
	case KIND_WEBP:
	case KIND_AVIF:
	case KIND_HEIC:
	case KIND_COUNT:
		break;
	}
}

/* Pixels keep their meaning only with the profile they were made for. */
static void dress(const struct job *job, struct str made, struct buf *out)
{
	const struct look *look = &job->look;
	bool same = !look->grey && !look->inks;
	struct str from = job->wish->bytes;

	if (job->type == PICTURE_JPEG)
		jpeg_dress(made,
			   same && look->kind == KIND_JPEG ? from : STR_NONE,
			   out);
	else
		png_dress(made,
			  same && look->kind == KIND_PNG ? from : STR_NONE,
			  out);
}

static bool paint_anew(struct job *job, struct buf *out)
{
	bool jpeg = job->look.kind == KIND_JPEG;
	struct buf made;
	bool done;

	if (is_resized(job) &&
	    !paint_scale(job->paint, job->width, job->height))
		return false;
	if (!paint_turn(job->paint, job->look.turn))
		return false;
	if (!is_for_mail(job->look.kind))
		jpeg = !paint_is_clear(job->paint);
	job->type = jpeg ? PICTURE_JPEG : PICTURE_PNG;
	buf_init(&made, ANSWER_MAX);
	done = paint_write(job->paint, job->type, job->look.palette, &made);
	if (done)
		dress(job, buf_str(&made), out);
	buf_done(&made);
	return done;
}

static enum picture_type type_of(enum kind kind)
{
	return kind == KIND_PNG	   ? PICTURE_PNG
	       : kind == KIND_JPEG ? PICTURE_JPEG
				   : PICTURE_GIF;
}

static void answer(struct job *job, struct str bytes, int width, int height)
{
	struct record record = { (int32_t)job->type, width, height };

	buf_add(job->out, str_at((const char *)&record, sizeof(record)));
	buf_add(job->out, bytes);
}

static enum fault keep(struct job *job)
{
	struct buf kept;
	bool fits;

	buf_init(&kept, ANSWER_MAX);
	strip(job, &kept);
	job->type = type_of(job->look.kind);
	answer(job, buf_str(&kept), job->look.width, job->look.height);
	fits = !buf_over(&kept);
	buf_done(&kept);
	return fits ? FAULT_NONE : FAULT_HEAVY;
}

/* What is smaller: the file without what it does not need, or the one made. */
static enum fault choose(struct job *job)
{
	struct buf kept, made;
	bool done = true, fits;

	buf_init(&kept, ANSWER_MAX);
	buf_init(&made, ANSWER_MAX);
	strip(job, &kept);
	if (job->must || is_resized(job))
		done = paint_anew(job, &made);
	fits = !buf_over(&kept) && !buf_over(&made);
	if (job->must || (made.len > 0 && made.len < kept.len)) {
		int width, height;

		paint_size(job->paint, &width, &height);
		answer(job, buf_str(&made), width, height);
	} else {
		job->type = type_of(job->look.kind);
		answer(job, buf_str(&kept), job->look.width, job->look.height);
	}
	buf_done(&kept);
	buf_done(&made);
	return done && fits ? FAULT_NONE : FAULT_HEAVY;
}

/* As far as the look can tell, the file needs no painter. */
static bool is_ready(struct job *job)
{
	const struct look *look = &job->look;

	choose_size(job, look->width, look->height);
	return !job->must && is_for_mail(look->kind) &&
	       job->width == look->width && job->height == look->height;
}

static enum fault paint_and_choose(struct job *job)
{
	int width, height;
	enum fault fault = paint_open(job->wish->bytes, job->look.kind,
				      &job->paint);

	if (fault != FAULT_NONE)
		return fault;
	paint_size(job->paint, &width, &height);
	choose_size(job, width, height);
	fault = choose(job);
	paint_close(&job->paint);
	return fault;
}

static enum fault make_picture(struct job *job)
{
	const struct look *look = &job->look;
	enum fault fault = look_at(job->wish->bytes, &job->look);

	if (fault == FAULT_NONE)
		fault = check_motion(job);
	if (fault != FAULT_NONE)
		return fault;
	job->must = !look->moves &&
		    (!is_for_mail(look->kind) || look->inks || look->turn != 1);
	return !paint_loaded() && is_ready(job) ? keep(job)
						: paint_and_choose(job);
}

static int work(void *arg, struct buf *out, struct err *err)
{
	struct job job = { .wish = arg, .out = out };
	enum fault fault = make_picture(&job);

	return fault == FAULT_NONE ? 0 : complain(&job, fault, err);
}

/* --- outside -------------------------------------------------------------- */

bool ready_ok(const struct picture_ready *ready)
{
	size_t type = (size_t)ready->type;

	return type < sizeof(types) / sizeof(*types) && ready->width > 0 &&
	       ready->height > 0 &&
	       (int64_t)ready->width * ready->height <= PICTURE_PIXELS_MAX &&
	       str_starts(ready->bytes, types[type].magic);
}

static int believe(struct str said, struct picture_ready *ready,
		   struct err *err)
{
	struct record record;

	if (said.len < sizeof(record))
		return err_set(err, ERR_INTERNAL, "a picture got lost");
	memcpy(&record, said.at, sizeof(record));
	ready->type = (enum picture_type)record.type;
	ready->width = record.width;
	ready->height = record.height;
	ready->bytes = str_skip(said, sizeof(record));
	return ready_ok(ready)
		       ? 0
		       : err_set(err, ERR_INTERNAL, "a picture got lost");
}

static int run_child(const struct picture_wish *wish, const char *what,
		     struct arena *arena, struct picture_ready *ready,
		     struct err *err)
{
	struct picture_wish copy = *wish;
	struct buf out;
	int rc;

	buf_init(&out, ANSWER_MAX);
	paint_load();
	rc = child_run(&limits, what, work, &copy, &out, err);
	if (rc < 0 && str_starts(str_of(err->message), str_of(what)))
		err_hint(err, "open it in an image program and save it anew, "
			      "smaller");
	if (rc == 0)
		rc = believe(buf_str(&out), ready, err);
	if (rc == 0)
		ready->bytes = arena_dup(arena, ready->bytes);
	buf_done(&out);
	return rc;
}

int picture_ready(const struct picture_wish *wish, struct arena *arena,
		  struct picture_ready *ready_out, struct err *err)
{
	const char *what = arena_fmt(arena, "reading '%s'", wish->name).at;
	struct picture_ready ready;

	if (cache_get(wish, arena, ready_out))
		return 0;
	if (run_child(wish, what, arena, &ready, err) < 0)
		return -1;
	cache_put(wish, &ready);
	*ready_out = ready;
	return 0;
}
