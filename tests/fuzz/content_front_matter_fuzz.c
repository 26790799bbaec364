/* content_front_matter_fuzz.c - any file at all as an article
 *
 * What is accepted has a title and a slug, and nothing in it that could end
 * a header field; what is refused has a reason and a name or place.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/utf8.h"
#include "content/article.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_article(const struct article *a)
{
	const struct str lines[] = { a->title, a->deck,	 a->subject,
				     a->preheader, a->topic, a->list,
				     a->lang, a->slug };

	assert(a->title.len > 0 && a->title_place.line > 0);
	assert(a->slug.len > 0);
	for (size_t i = 0; i < a->slug.len; i++)
		assert(a->slug.at[i] == '-' ||
		       (a->slug.at[i] >= 'a' && a->slug.at[i] <= 'z') ||
		       (a->slug.at[i] >= '0' && a->slug.at[i] <= '9'));
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert(!utf8_has_control(lines[i]));
	for (size_t i = 0; i < a->author_count; i++)
		assert(!utf8_has_control(a->authors[i]));
	for (size_t i = 0; i < a->tag_count; i++)
		assert(!utf8_has_control(a->tags[i]));
	assert(a->body_line > 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct arena *arena = arena_new("fuzzing", 1 << 28);
	struct article *article;
	struct err err = ERR_INIT;

	if (article_parse(STR("articles/x.md"), text, arena, &article, &err) ==
	    0) {
		check_article(article);
	} else {
		assert(err.code == ERR_INPUT);
		assert(err.message[0]);
	}
	arena_free(&arena);
	return 0;
}
