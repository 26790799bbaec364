/* forms.c - the frozen forms of the issues a run sends, each read once */
#include <stdlib.h>

#include "base/die.h"
#include "send_priv.h"

#define FORMS_BYTES ((size_t)512 << 20)

struct form_entry {
	int64_t issue;
	int revision;
	const struct letter_form *form;
};

struct forms {
	struct arena *arena; /* as long as the run */
	struct form_entry *at;
	size_t count, room;
};

struct forms *forms_new(void)
{
	struct forms *forms = die_calloc(1, sizeof(*forms), "frozen letters");

	forms->arena = arena_new("frozen letters", FORMS_BYTES);
	return forms;
}

void forms_free(struct forms **forms)
{
	if (!*forms)
		return;
	arena_free(&(*forms)->arena);
	free((*forms)->at);
	free(*forms);
	*forms = NULL;
}

static const struct letter_form *find(const struct forms *forms,
				      const struct ledger_claim *claim)
{
	for (size_t i = 0; i < forms->count; i++)
		if (forms->at[i].issue == claim->issue &&
		    forms->at[i].revision == claim->revision)
			return forms->at[i].form;
	return NULL;
}

static void keep(struct forms *forms, const struct form_entry *entry)
{
	if (forms->count == forms->room) {
		forms->room = 2 * forms->room + 8;
		forms->at = die_realloc(forms->at,
					forms->room * sizeof(*forms->at),
					"frozen letters");
	}
	forms->at[forms->count++] = *entry;
}

int forms_get(struct forms *forms, struct ledger *ledger,
	      const struct ledger_claim *claim,
	      const struct letter_form **form_out, struct err *err)
{
	struct form_entry entry = { .issue = claim->issue,
				    .revision = claim->revision };
	struct str blob;

	*form_out = find(forms, claim);
	if (*form_out)
		return 0;
	if (ledger_form(ledger, claim->issue, claim->revision, forms->arena,
			&blob, err) < 0 ||
	    letter_form_open(blob, forms->arena, &entry.form, err) < 0)
		return -1;
	keep(forms, &entry);
	*form_out = entry.form;
	return 0;
}
