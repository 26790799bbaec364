issue_src := issue.c input.c pictures.c reach.c reader.c settings.c
