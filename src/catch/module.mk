catch_src := catch.c commands.c faults.c login.c session.c store.c
