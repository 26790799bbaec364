/* smart_language.c - quotes by language: the table */
#include "smart_priv.h"

/* clang-format off */
#define DOUBLE_HIGH   { "\xE2\x80\x9C", "\xE2\x80\x9D" } /* 66, 99 above */
#define SINGLE_HIGH   { "\xE2\x80\x98", "\xE2\x80\x99" }
#define DOUBLE_99     { "\xE2\x80\x9D", "\xE2\x80\x9D" }
#define SINGLE_9      { "\xE2\x80\x99", "\xE2\x80\x99" }
#define DOUBLE_LOW66  { "\xE2\x80\x9E", "\xE2\x80\x9C" } /* 99 below, 66 */
#define SINGLE_LOW6   { "\xE2\x80\x9A", "\xE2\x80\x98" }
#define DOUBLE_LOW99  { "\xE2\x80\x9E", "\xE2\x80\x9D" } /* 99 below, 99 */
#define SINGLE_LOW9   { "\xE2\x80\x9A", "\xE2\x80\x99" }
#define DOUBLE_ANGLE  { "\xC2\xAB", "\xC2\xBB" } /* << >> */
#define SINGLE_ANGLE  { "\xE2\x80\xB9", "\xE2\x80\xBA" }
#define DOUBLE_INWARD { "\xC2\xBB", "\xC2\xAB" } /* >> << */

#define ENGLISH 0

static const struct smart_language languages[] = {
	[ENGLISH] =
	{ .tag = "en", .quotes = { DOUBLE_HIGH, SINGLE_HIGH },
	  .elided = " tis twas em til cause n " },
	{ .tag = "ar", .quotes = { DOUBLE_ANGLE, SINGLE_ANGLE } },
	{ .tag = "be", .quotes = { DOUBLE_ANGLE, DOUBLE_LOW66 } },
	{ .tag = "bg", .quotes = { DOUBLE_LOW66, SINGLE_LOW6 } },
	{ .tag = "ca", .quotes = { DOUBLE_ANGLE, DOUBLE_HIGH } },
	{ .tag = "cs", .quotes = { DOUBLE_LOW66, SINGLE_LOW6 } },
	{ .tag = "da", .quotes = { DOUBLE_99, SINGLE_9 } },
	{ .tag = "de", .quotes = { DOUBLE_LOW66, SINGLE_LOW6 } },
	{ .tag = "de-ch", .quotes = { DOUBLE_ANGLE, SINGLE_ANGLE } },
	{ .tag = "de-li", .quotes = { DOUBLE_ANGLE, SINGLE_ANGLE } },
	{ .tag = "el", .quotes = { DOUBLE_ANGLE, DOUBLE_HIGH } },
	{ .tag = "es", .quotes = { DOUBLE_ANGLE, DOUBLE_HIGH } },
	{ .tag = "et", .quotes = { DOUBLE_LOW66, DOUBLE_ANGLE } },
	{ .tag = "fa", .quotes = { DOUBLE_ANGLE, SINGLE_ANGLE } },
	{ .tag = "fi", .quotes = { DOUBLE_99, SINGLE_9 } },
	{ .tag = "fr", .quotes = { DOUBLE_ANGLE, DOUBLE_HIGH },
	  .spaced = ":;!?", .inside = NARROW },
	{ .tag = "fr-ca", .quotes = { DOUBLE_ANGLE, DOUBLE_HIGH },
	  .spaced = ":", .inside = NARROW },
	{ .tag = "fr-ch", .quotes = { DOUBLE_ANGLE, SINGLE_ANGLE },
	  .spaced = ":;!?", .inside = NARROW },
	{ .tag = "he", .quotes = { DOUBLE_99, SINGLE_9 }, .hebrew = true },
	{ .tag = "hr", .quotes = { DOUBLE_LOW99, SINGLE_LOW9 } },
	{ .tag = "hu", .quotes = { DOUBLE_LOW99, DOUBLE_INWARD } },
	{ .tag = "it", .quotes = { DOUBLE_ANGLE, DOUBLE_HIGH } },
	{ .tag = "ja", .untouched = true },
	{ .tag = "lt", .quotes = { DOUBLE_LOW66, SINGLE_LOW6 } },
	{ .tag = "nb", .quotes = { DOUBLE_ANGLE, SINGLE_HIGH } },
	{ .tag = "nl", .quotes = { DOUBLE_HIGH, SINGLE_HIGH },
	  .elided = " s t n k m r " },
	{ .tag = "nn", .quotes = { DOUBLE_ANGLE, SINGLE_HIGH } },
	{ .tag = "no", .quotes = { DOUBLE_ANGLE, SINGLE_HIGH } },
	{ .tag = "pl", .quotes = { DOUBLE_LOW99, DOUBLE_ANGLE } },
	{ .tag = "pt", .quotes = { DOUBLE_HIGH, SINGLE_HIGH } },
	{ .tag = "pt-pt", .quotes = { DOUBLE_ANGLE, DOUBLE_HIGH } },
	{ .tag = "ro", .quotes = { DOUBLE_LOW99, DOUBLE_ANGLE } },
	{ .tag = "ru", .quotes = { DOUBLE_ANGLE, DOUBLE_LOW66 } },
	{ .tag = "sk", .quotes = { DOUBLE_LOW66, SINGLE_LOW6 } },
	{ .tag = "sl", .quotes = { DOUBLE_LOW66, SINGLE_LOW6 } },
	{ .tag = "sv", .quotes = { DOUBLE_99, SINGLE_9 } },
	{ .tag = "uk", .quotes = { DOUBLE_ANGLE, DOUBLE_LOW66 } },
	{ .tag = "zh", .untouched = true },
};
/* clang-format on */

static const struct smart_language *find(struct str tag)
{
	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
		if (str_eq_nocase(tag, str_of(languages[i].tag)))
			return &languages[i];
	return NULL;
}

const struct smart_language *smart_language(struct str tag)
{
	const struct smart_language *found = find(tag);
	struct str region;

	if (!found)
		found = find(str_cut(tag, '-', &region));
	return found ? found : &languages[ENGLISH];
}
