/* form.c - a packed form opened again, checked part by part */
#include "letter_priv.h"

static int damaged(struct err *err)
{
	err_set(err, ERR_DB, "a frozen letter is damaged");
	return err_hint(err, "restore the database from a backup");
}

bool form_name_ok(struct str name, size_t max)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] <= ' ' || name.at[i] >= 0x7f ||
		    name.at[i] == '<' || name.at[i] == '>')
			return false;
	return name.len > 0 && name.len <= max;
}

static bool next_part(struct str *rest, struct str *part_out)
{
	uint32_t len;

	if (rest->len < sizeof(len))
		return false;
	memcpy(&len, rest->at, sizeof(len));
	*rest = str_skip(*rest, sizeof(len));
	if (rest->len < len)
		return false;
	*part_out = str_head(*rest, len);
	*rest = str_skip(*rest, len);
	return true;
}

static void split_attributes(struct letter_form *form)
{
	struct str rest = form->parts[FORM_ATTRIBUTES];

	while (rest.len > 0 && form->attribute_count < FIELD_ATTRIBUTES_MAX)
		form->attributes[form->attribute_count++] =
			str_cut(rest, 0x1f, &rest);
}

int letter_form_open(struct str blob, struct arena *arena,
		     const struct letter_form **form_out, struct err *err)
{
	struct letter_form *form = arena_new_of(arena, struct letter_form);
	struct str rest = blob;
	uint32_t mark[2];

	if (blob.len < sizeof(mark))
		return damaged(err);
	memcpy(mark, blob.at, sizeof(mark));
	rest = str_skip(rest, sizeof(mark));
	if (mark[0] != FORM_MAGIC || mark[1] != FORM_VERSION)
		return damaged(err);
	for (int i = 0; i < FORM_PART_COUNT; i++)
		if (!next_part(&rest, &form->parts[i]))
			return damaged(err);
	if (rest.len > 0 ||
	    !form_name_ok(form->parts[FORM_URL], FORM_URL_MAX) ||
	    !form_name_ok(form->parts[FORM_ENVELOPE], FORM_DOMAIN_MAX) ||
	    !form_name_ok(form->parts[FORM_FROM_DOMAIN], FORM_DOMAIN_MAX))
		return damaged(err);
	if (program_open(form->parts[FORM_SUBJECT], arena, &form->subject,
			 err) < 0 ||
	    program_open(form->parts[FORM_HEADERS], arena, &form->headers,
			 err) < 0 ||
	    program_open(form->parts[FORM_TEXT], arena, &form->text, err) < 0 ||
	    program_open(form->parts[FORM_HTML], arena, &form->html, err) < 0)
		return -1;
	split_attributes(form);
	form->fields = program_fields(form->subject) |
		       program_fields(form->headers) |
		       program_fields(form->text) | program_fields(form->html) |
		       UINT64_C(1) << FIELD_NAME;
	*form_out = form;
	return 0;
}

uint64_t letter_form_fields(const struct letter_form *form)
{
	return form->fields;
}

const struct str *letter_form_attributes(const struct letter_form *form,
					 size_t *count_out)
{
	*count_out = form->attribute_count;
	return form->attributes;
}
