conf_src := conf.c relay.c sample.c show.c table.c value.c value_pacing.c
