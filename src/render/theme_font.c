/* theme_font.c - what a language asks of type: its direction and families */
#include "theme_priv.h"

static struct str base_of(struct str language)
{
	struct str rest;

	return str_cut(language, '-', &rest);
}

static bool is_among(struct str word, const struct str *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq_nocase(word, words[i]))
			return true;
	return false;
}

bool theme_is_rtl(struct str language)
{
	static const struct str rtl[] = {
		STR("ar"), STR("fa"), STR("he"),  STR("iw"),
		STR("ur"), STR("ps"), STR("sd"),  STR("ug"),
		STR("yi"), STR("dv"), STR("ckb"),
	};

	return is_among(base_of(language), rtl, sizeof(rtl) / sizeof(*rtl));
}

bool theme_is_cjk(struct str language)
{
	static const struct str cjk[] = { STR("zh"), STR("ja"), STR("ko"),
					  STR("yue") };

	return is_among(base_of(language), cjk, sizeof(cjk) / sizeof(*cjk));
}

/* --- families ------------------------------------------------------------- */

/* Two for each kind of type: one of Apple's, one of Windows'. What the others
 * have is found by the generic name. */
static const struct {
	struct str language, serif, sans;
} families[] = {
	{ STR("zh-hant"), STR("'Songti TC',PMingLiU"),
	  STR("'PingFang TC','Microsoft JhengHei'") },
	{ STR("zh-tw"), STR("'Songti TC',PMingLiU"),
	  STR("'PingFang TC','Microsoft JhengHei'") },
	{ STR("zh-hk"), STR("'Songti TC',PMingLiU"),
	  STR("'PingFang HK','Microsoft JhengHei'") },
	{ STR("zh"), STR("'Songti SC',SimSun"),
	  STR("'PingFang SC','Microsoft YaHei'") },
	{ STR("yue"), STR("'Songti TC',PMingLiU"),
	  STR("'PingFang HK','Microsoft JhengHei'") },
	{ STR("ja"), STR("'Hiragino Mincho ProN','Yu Mincho'"),
	  STR("'Hiragino Sans','Yu Gothic'") },
	{ STR("ko"), STR("AppleMyungjo,Batang"),
	  STR("'Apple SD Gothic Neo','Malgun Gothic'") },
};

/* "zh" stands for "zh-Hans-CN", but not for "zho". */
static bool is_language(struct str language, struct str wanted)
{
	return str_starts_nocase(language, wanted) &&
	       (language.len == wanted.len || language.at[wanted.len] == '-');
}

struct str theme_stack(struct str stack, struct str language,
		       struct arena *arena)
{
	size_t last = stack.len;
	bool serif;
	size_t i = 0;

	while (last > 0 && stack.at[last - 1] != ',')
		last--;
	serif = str_eqz(str_skip(stack, last), "serif");
	while (i < sizeof(families) / sizeof(*families) &&
	       !is_language(language, families[i].language))
		i++;
	if (i == sizeof(families) / sizeof(*families) || last == 0)
		return stack;
	return arena_fmt(arena, STR_FMT STR_FMT "," STR_FMT,
			 STR_ARG(str_head(stack, last)),
			 STR_ARG(serif ? families[i].serif : families[i].sans),
			 STR_ARG(str_skip(stack, last)));
}

/* --- Word ----------------------------------------------------------------- */

static bool word_knows(struct str family)
{
	static const struct str known[] = {
		STR("Georgia"),	       STR("'Times New Roman'"),
		STR("Arial"),	       STR("'Segoe UI'"),
		STR("Verdana"),	       STR("Tahoma"),
		STR("Calibri"),	       STR("Cambria"),
		STR("Candara"),	       STR("Constantia"),
		STR("Corbel"),	       STR("'Palatino Linotype'"),
		STR("'Trebuchet MS'"), STR("'Courier New'"),
		STR("Consolas"),       STR("'Book Antiqua'"),
	};

	return is_among(family, known, sizeof(known) / sizeof(*known));
}

struct str theme_word_family(struct str stack)
{
	struct str family = str_cut(stack, ',', &stack);

	if (word_knows(family))
		return STR_NONE;
	while (stack.len > 0) {
		family = str_cut(stack, ',', &stack);
		if (word_knows(family))
			return family;
	}
	return str_eqz(family, "serif") ? STR("Georgia") : STR("Arial");
}
