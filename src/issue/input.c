/* input.c - settings and article as the renderer wants them */
#include "issue_priv.h"

static const struct render_link *links_of(const struct conf_link *from,
					  size_t *count_out,
					  struct arena *arena)
{
	struct render_link *links;
	size_t count = 0;

	for (const struct conf_link *l = from; l; l = l->next)
		count++;
	links = arena_many(arena, struct render_link, count);
	*count_out = count;
	for (count = 0; from; from = from->next)
		links[count++] = (struct render_link){ from->title, from->url };
	return links;
}

static void author_of(const struct conf_author *known,
		      struct render_author *author, struct arena *arena)
{
	author->key = known->key;
	author->name = known->name.len > 0 ? known->name : known->key;
	author->tagline = known->tagline;
	author->photo = known->photo;
	author->links = links_of(known->links, &author->link_count, arena);
}

static void people_of(const struct conf *conf, struct render_input *input,
		      struct arena *arena)
{
	struct render_author *people;
	size_t count = 0;

	for (const struct conf_author *a = conf->authors; a; a = a->next)
		count++;
	people = arena_many(arena, struct render_author, count);
	input->people = people;
	input->people_count = count;
	for (const struct conf_author *a = conf->authors; a; a = a->next)
		author_of(a, people++, arena);
}

/* A key of the settings gives the whole author; any other word is a name to
 * be printed as it stands. */
static void authors_of(const struct conf *conf, const struct article *article,
		       struct render_input *input, struct arena *arena)
{
	struct render_author *authors = arena_many(arena, struct render_author,
						   article->author_count);

	for (size_t i = 0; i < article->author_count; i++) {
		const struct conf_author *known = conf_author_find(
			conf, article->authors[i]);
		authors[i] = (struct render_author){
			.key = STR_NONE,
			.name = article->authors[i],
			.tagline = STR_NONE,
			.photo = STR_NONE,
		};
		if (known)
			author_of(known, &authors[i], arena);
	}
	input->authors = authors;
	input->author_count = article->author_count;
}

static void attributes_of(const struct conf *conf, struct render_input *input,
			  struct arena *arena)
{
	struct str *names;
	size_t count = 0;

	for (const struct conf_attribute *a = conf->attributes; a; a = a->next)
		count++;
	names = arena_many(arena, struct str, count);
	input->attributes = names;
	input->attribute_count = count;
	for (const struct conf_attribute *a = conf->attributes; a; a = a->next)
		*names++ = a->key;
}

static void publication_of(const struct conf *conf, struct render_input *input,
			   struct arena *arena)
{
	input->publication.name = conf->publication.name;
	input->publication.tagline = conf->publication.tagline;
	input->publication.url = conf->publication.url;
	input->publication.language = conf->publication.language;
	input->publication.logo = conf->publication.logo;
	input->publication.address = conf->publication.address;
	input->publication.copyright = conf->publication.copyright;
	input->publication.social = links_of(conf->publication.social,
					     &input->publication.social_count,
					     arena);
	input->publication.links = links_of(
		conf->publication.links, &input->publication.link_count, arena);
}

struct render_input *input_of(const struct conf *conf,
			      const struct article *article,
			      const struct conf_list *list, int64_t now,
			      struct arena *arena)
{
	struct render_input *input = arena_new_of(arena, struct render_input);

	input->dir = arena_z(arena, conf->dir);
	input->theme = conf->publication.theme;
	publication_of(conf, input, arena);
	if (article->lang.len > 0)
		input->publication.language = article->lang;
	input->list.title = list->title;
	input->list.description = list->description;
	input->slug = article->slug;
	input->article = article;
	authors_of(conf, article, input, arena);
	people_of(conf, input, arena);
	input->date = article->date.year ? article->date : time_date(now);
	attributes_of(conf, input, arena);
	return input;
}
