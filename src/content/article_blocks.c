/* article_blocks.c - an article's body parsed in a child under limits */
#include "article_priv.h"
#include "base/child.h"
#include "base/utf8.h"
#include "content/article.h"
#include "content/markdown.h"

#define CPU_S	2
#define WALL_MS 10000
#define MEMORY	((size_t)256 * 1024 * 1024)
#define ANSWER	((size_t)16 * 1024 * 1024)

struct job {
	const struct article *article;
	const char *name;
	const struct markdown_style *style;
};

static int work(void *arg, struct buf *out, struct err *err)
{
	const struct job *job = arg;
	struct arena *arena = arena_new("parsing Markdown", MEMORY);
	struct blocks *blocks;
	int rc = markdown_parse(job->article->body, job->name,
				job->article->body_line, job->style, arena,
				&blocks, err);

	if (rc == 0)
		blocks_pack(blocks, out);
	arena_free(&arena);
	return rc;
}

/* --- words ----------------------------------------------------------------*/

struct tally {
	int words;
	int halves;  /* characters of scripts without blanks */
	bool inside; /* of a word */
};

/* Chinese, Japanese and Korean characters: two of them read like a word. */
static bool is_cjk(uint32_t c)
{
	return (c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x4DBF) ||
	       (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7AF) ||
	       (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

/* A word is what has a letter or digit between blanks; dashes part words. */
static void count_text(struct tally *tally, struct str text)
{
	while (text.len > 0) {
		size_t len;
		uint32_t c = utf8_next(text, &len);

		text = str_skip(text, len);
		if (is_cjk(c)) {
			tally->halves++;
			tally->inside = false;
		} else if (c <= ' ' || c == 0xA0 ||
			   (c >= 0x2000 && c <= 0x200B) || c == 0x2013 ||
			   c == 0x2014 || c == 0x3000) {
			tally->inside = false;
		} else if (!tally->inside &&
			   (c >= 0x80
				    ? c != 0x2026 && c != 0x201C && c != 0x201D
				    : is_alnum((char)c))) {
			tally->inside = true;
			tally->words++;
		}
	}
}

/* Text between tags. */
static void count_html(struct tally *tally, struct str html)
{
	while (html.len > 0) {
		struct str rest;
		struct str text = str_cut(html, '<', &rest);

		count_text(tally, text);
		tally->inside = false;
		str_cut(rest, '>', &html);
	}
}

static void count_block(struct tally *tally, const struct blocks *blocks,
			const struct block *block)
{
	struct str text = blocks_str(blocks, block->text);

	switch ((enum block_kind)block->kind) {
	case BLOCK_TEXT:
	case BLOCK_CODESPAN:
		count_text(tally, text);
		break;
	case BLOCK_HTML:
		count_html(tally, text);
		break;
	case BLOCK_CODE:
	case BLOCK_BUTTON:
	case BLOCK_BOOKMARK:
	case BLOCK_VIDEO:
	case BLOCK_AUDIO:
	case BLOCK_POLL:
	case BLOCK_ANSWER:
		tally->inside = false;
		count_text(tally, text);
		tally->inside = false;
		break;
	case BLOCK_HTML_INLINE:
	case BLOCK_EMPH:
	case BLOCK_STRONG:
	case BLOCK_STRIKE:
	case BLOCK_LINK:
	case BLOCK_IMAGE:
	case BLOCK_NOTE_REF:
		break; /* a word may go on behind it */
	case BLOCK_DOCUMENT:
	case BLOCK_PARAGRAPH:
	case BLOCK_HEADING:
	case BLOCK_QUOTE:
	case BLOCK_LIST:
	case BLOCK_ITEM:
	case BLOCK_RULE:
	case BLOCK_TABLE:
	case BLOCK_ROW:
	case BLOCK_CELL:
	case BLOCK_PULLQUOTE:
	case BLOCK_GALLERY:
	case BLOCK_AUTHOR:
	case BLOCK_CONTENTS:
	case BLOCK_SPONSOR:
	case BLOCK_MORE:
	case BLOCK_ONLY:
	case BLOCK_IF:
	case BLOCK_ELSE:
	case BLOCK_SHARE:
	case BLOCK_SUBSCRIBE:
	case BLOCK_CALLOUT:
	case BLOCK_NOTE:
	case BLOCK_SOFTBREAK:
	case BLOCK_LINEBREAK:
	case BLOCK_KIND_COUNT:
		tally->inside = false;
		break;
	}
}

/* Nodes stand in reading order. The words of a picture are not read. */
static int count_words(const struct blocks *blocks)
{
	struct tally tally = { .words = 0 };

	for (uint32_t i = 0; i < blocks->count; i++) {
		const struct block *block = &blocks->at[i];

		count_block(&tally, blocks, block);
		if (block->kind == BLOCK_IMAGE && block->first != 0)
			i++;
	}
	return tally.words + (tally.halves + 1) / 2;
}

int article_blocks(struct article *article, const struct markdown_style *style,
		   struct arena *arena, struct err *err)
{
	static const struct child_limits limits = { .cpu_s = CPU_S,
						    .wall_ms = WALL_MS,
						    .memory = MEMORY,
						    .answer = ANSWER };
	struct job job = { .article = article,
			   .name = arena_z(arena, article->path),
			   .style = style };
	struct str what = arena_fmt(arena, "reading '%s'", job.name);
	struct blocks *blocks;
	struct buf answer;
	int rc;

	buf_init(&answer, ANSWER);
	rc = child_run(&limits, what.at, work, &job, &answer, err);
	if (rc == 0)
		rc = blocks_unpack(buf_str(&answer), arena, &blocks, err);
	buf_done(&answer);
	if (rc < 0)
		return -1;
	article->blocks = blocks;
	article->words = count_words(blocks);
	return 0;
}
