/* sample.c - the commented settings that `tidings init` writes */
#include "base/utf8.h"
#include "conf/conf.h"

static const char sample[] =
"# The settings of this publication. `tidings config` shows all there are, the\n"
"# value of each and where it comes from.\n"
"\n"
"publication:\n"
"  name: \"%s\"\n"
"  tagline: Letters about what matters here\n"
"  # Where readers will reach the web pages. With an https:// address letters\n"
"  # offer unsubscribing with one click.\n"
"  url: http://127.0.0.1:8080\n"
"  language: en\n"
"  # The law asks for a postal address in commercial mail.\n"
"  address: |\n"
"    1 Quay Street\n"
"    10115 Harbour Town\n"
"  # logo: https://example.org/logo.png\n"
"  # social:\n"
"  #   - {title: Mastodon, url: \"https://social.example/@you\"}\n"
"  # links:\n"
"  #   - {title: Privacy, url: \"https://example.org/privacy\"}\n"
"\n"
"from: \"%s <letters@example.org>\"\n"
"# reply_to: editor@example.org\n"
"\n"
"authors:\n"
"  editor:\n"
"    name: The Editor\n"
"    tagline: Writes these letters\n"
"\n"
"lists:\n"
"  weekly:\n"
"    title: Weekly letter\n"
"\n"
"relays:\n"
"  main:\n"
"    # `tidings catch` listens here: letters end in a folder of yours.\n"
"    url: smtp://127.0.0.1:2525\n"
"    # A real one:\n"
"    # url: smtp+starttls://mail.example.org:587\n"
"    # user: me\n"
"    # password_file: relay.password\n"
"    connections: 4\n"
"    # rate: 20/s\n"
"\n"
"# Where bounces and unsubscribe mails arrive.\n"
"# envelope:\n"
"#   domain: bounces.example.org\n"
"\n"
"# What readers may have besides a name; letters can use it as\n"
"# {{subscriber.plan}}.\n"
"# attributes:\n"
"#   plan: {type: text}\n";

/* What would end the quotes or the display name has no place here, and what
 * YAML does not take as a character neither: names come from folders. */
static struct str clean(struct arena *arena, struct str name)
{
	char *at = arena_take(arena, name.len + 1);
	size_t len = 0;

	while (name.len > 0) {
		size_t size;
		uint32_t c = utf8_next(name, &size);
		struct str one = str_head(name, size);

		if (c == 0xfffd || (c & 0xfffe) == 0xfffe ||
		    (c < 128 && strchr("\"\\<>", (int)c)) ||
		    utf8_has_control(one))
			one = STR(" ");
		memcpy(at + len, one.at, one.len);
		len += one.len;
		name = str_skip(name, size);
	}
	return str_trim(str_at(at, len));
}

struct str conf_template(struct arena *arena, struct str name)
{
	char *at = arena_z(arena, clean(arena, name));

	if (!at[0])
		at = arena_z(arena, STR("My letter"));
	return arena_fmt(arena, sample, at, at);
}
