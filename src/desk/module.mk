desk_src := fill.c inbox.c listing.c look.c page.c preview.c shelf.c trial.c trouble.c watch.c
