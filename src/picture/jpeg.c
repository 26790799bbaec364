/* jpeg.c - the segments of a JPEG (ITU T.81, annex B) */
#include "picture_priv.h"

#define MARK_EOI   0xd9
#define MARK_SOS   0xda
#define MARK_APP0  0xe0
#define MARK_APP1  0xe1
#define MARK_APP2  0xe2
#define MARK_APP14 0xee
#define MARK_COM   0xfe

#define PROFILE STR("ICC_PROFILE\0")

struct segment {
	unsigned mark;
	struct str whole; /* as it stands, the data of a scan included */
	struct str body;  /* behind the length */
};

static bool is_alone(unsigned mark)
{
	return mark == 0x01 || (mark >= 0xd0 && mark <= MARK_EOI);
}

static bool is_frame(unsigned mark)
{
	return mark >= 0xc0 && mark <= 0xcf && mark != 0xc4 && mark != 0xc8 &&
	       mark != 0xcc;
}

/* Where the data of a scan ends: at a mark that is neither a restart nor a
 * byte 0xff of the data itself. */
static size_t scan_end(struct str s, size_t at)
{
	while (at + 1 < s.len) {
		const char *hit = memchr(s.at + at, 0xff, s.len - at - 1);
		unsigned next;

		if (!hit)
			break;
		at = (size_t)(hit - s.at);
		next = byte_at(s, at + 1);
		if (next == 0xff)
			at++;
		else if (next == 0 || (next >= 0xd0 && next <= 0xd7))
			at += 2;
		else
			return at;
	}
	return s.len;
}

/* Cut the next segment off `*rest`. */
static enum fault next_segment(struct str *rest, struct segment *out)
{
	size_t end = 2;

	while (rest->len >= 2 && byte_at(*rest, 0) == 0xff &&
	       byte_at(*rest, 1) == 0xff)
		*rest = str_skip(*rest, 1); /* fill bytes */
	if (rest->len < 2)
		return FAULT_CUT;
	if (byte_at(*rest, 0) != 0xff || byte_at(*rest, 1) == 0)
		return FAULT_DAMAGED;
	out->mark = byte_at(*rest, 1);
	out->body = STR_NONE;
	if (!is_alone(out->mark)) {
		if (rest->len < 4 || rest->len < 2 + big16(*rest, 2))
			return FAULT_CUT;
		end += big16(*rest, 2);
		if (end < 4)
			return FAULT_DAMAGED;
		out->body = str_at(rest->at + 4, end - 4);
	}
	if (out->mark == MARK_SOS)
		end = scan_end(*rest, end);
	out->whole = str_head(*rest, end);
	*rest = str_skip(*rest, end);
	return FAULT_NONE;
}

static enum fault read_frame(struct str body, struct look *look)
{
	unsigned components;

	if (body.len < 6 || look->width > 0)
		return FAULT_DAMAGED;
	look->height = (int)big16(body, 1);
	look->width = (int)big16(body, 3);
	components = byte_at(body, 5);
	look->grey = components == 1;
	look->inks = components == 4;
	return look->width > 0 && look->height > 0 ? FAULT_NONE : FAULT_DAMAGED;
}

enum fault jpeg_look(struct str bytes, struct look *look)
{
	struct segment segment = { .mark = 0 };
	struct str exif = STR("Exif\0\0");
	bool scanned = false;

	while (segment.mark != MARK_EOI) {
		enum fault fault = next_segment(&bytes, &segment);

		if (fault == FAULT_NONE && is_frame(segment.mark))
			fault = read_frame(segment.body, look);
		if (fault != FAULT_NONE)
			return fault;
		if (segment.mark == MARK_APP1 && str_starts(segment.body, exif))
			look->turn = exif_turn(
				str_skip(segment.body, exif.len));
		scanned = scanned || segment.mark == MARK_SOS;
	}
	return scanned && look->width > 0 ? FAULT_NONE : FAULT_DAMAGED;
}

/* What a picture needs to look as it does. APP14 says how colours are coded;
 * of APP2 only the colour profile counts. */
static bool is_needed(const struct segment *s)
{
	if (s->mark == MARK_APP0)
		return str_starts(s->body, STR("JFIF\0"));
	if (s->mark == MARK_APP2)
		return str_starts(s->body, PROFILE);
	if (s->mark == MARK_APP14)
		return str_starts(s->body, STR("Adobe"));
	return s->mark != MARK_COM && (s->mark < MARK_APP0 || s->mark > 0xef);
}

/* A JFIF head may hold a thumbnail of what was there before it was cropped. */
static void add_head(struct buf *out, const struct segment *s)
{
	if (s->body.len <= 14) {
		buf_add(out, s->whole);
		return;
	}
	buf_add(out, STR("\xff\xe0\0\x10"));
	buf_add(out, str_head(s->body, 12));
	buf_add(out, STR("\0\0"));
}

static void add_profile(struct buf *out, struct str from)
{
	struct segment segment = { .mark = 0 };

	while (segment.mark != MARK_EOI &&
	       next_segment(&from, &segment) == FAULT_NONE)
		if (segment.mark == MARK_APP2 && is_needed(&segment))
			buf_add(out, segment.whole);
}

/* What stands behind the end mark goes, too: other pictures, films. */
static void copy(struct str bytes, struct str profile, struct buf *out)
{
	struct segment segment = { .mark = 0 };

	while (segment.mark != MARK_EOI &&
	       next_segment(&bytes, &segment) == FAULT_NONE) {
		if (segment.mark == MARK_APP0 && is_needed(&segment)) {
			add_head(out, &segment);
			add_profile(out, profile);
		} else if (is_needed(&segment)) {
			buf_add(out, segment.whole);
		}
	}
}

void jpeg_strip(struct str bytes, struct buf *out)
{
	copy(bytes, STR_NONE, out);
}

void jpeg_dress(struct str made, struct str from, struct buf *out)
{
	copy(made, from, out);
}
