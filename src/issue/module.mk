issue_src := issue.c input.c reach.c
