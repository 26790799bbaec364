letter_src := compose.c form.c form_pack.c headers.c
